//! What has been read from a TLS connection and not yet looked at, and what is to be written.

use ureq::unversioned::transport::Buffers;
use zeroize::Zeroizing;

/// Buffers that are small until an answer is long: most are shorter than one step, and a device has little memory. They are
/// wiped when dropped, and when they grow.
pub(super) struct GrowingBuffers {
    input: Zeroizing<Vec<u8>>,
    /// Where in `input` that begins which has not been looked at, and where it ends.
    unread: std::ops::Range<usize>,
    most_input: usize,
    output: Zeroizing<Vec<u8>>,
    /// Whether looking at the input led on.
    has_progressed: bool,
}

/// The least that the input grows by.
const STEP: usize = 4 << 10;

impl GrowingBuffers {
    /// For input of at most so many bytes at a time, and pieces of output that are no longer than `output`.
    pub(super) fn new(most_input: usize, output: usize) -> Self {
        Self {
            input: Zeroizing::default(),
            unread: 0..0,
            most_input,
            output: Zeroizing::new(vec![0; output]),
            has_progressed: false,
        }
    }

    /// Moves what is unread to the front of a buffer that has room behind it.
    fn make_room(&mut self) {
        if self.unread.end < self.input.len() {
            return;
        }
        let unread = self.unread.len();
        if self.unread.start > 0 {
            self.input.copy_within(self.unread.clone(), 0);
        } else {
            let length = self.input.len().saturating_mul(2).max(STEP).min(self.most_input);
            let mut larger = Zeroizing::new(Vec::with_capacity(length));
            larger.extend_from_slice(&self.input);
            larger.resize(length.max(unread), 0);
            self.input = larger;
        }
        self.unread = 0..unread;
    }
}

impl Buffers for GrowingBuffers {
    fn output(&mut self) -> &mut [u8] {
        &mut self.output
    }

    fn input(&self) -> &[u8] {
        self.input.get(self.unread.clone()).unwrap_or_default()
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.make_room();
        self.input.get_mut(self.unread.end..).unwrap_or_default()
    }

    fn input_appended(&mut self, amount: usize) {
        self.unread.end = self.unread.end.saturating_add(amount).min(self.input.len());
    }

    fn input_consume(&mut self, amount: usize) {
        self.has_progressed = amount > 0;
        self.unread.start = self.unread.start.saturating_add(amount).min(self.unread.end);
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        self.make_room();
        (self.input.get_mut(self.unread.end..).unwrap_or_default(), &mut self.output)
    }

    fn can_use_input(&self) -> bool {
        !self.unread.is_empty() && self.has_progressed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(buffers: &mut GrowingBuffers, bytes: &[u8]) -> usize {
        let room = buffers.input_append_buf();
        let amount = room.len().min(bytes.len());
        room.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        buffers.input_appended(amount);
        amount
    }

    #[test]
    fn what_comes_in_is_read_in_order_however_much_is_looked_at_in_between() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|number| (number % 251) as u8).collect();
        let mut buffers = GrowingBuffers::new(36 << 10, 16);
        let (mut appended, mut read) = (0, Vec::new());
        for step in 0.. {
            appended +=
                append(&mut buffers, bytes.get(appended..(appended + 3_001).min(bytes.len())).unwrap_or_default());
            let looked_at = (step * 977 % 4_001).min(buffers.input().len());
            read.extend_from_slice(buffers.input().get(..looked_at).expect("it is there"));
            buffers.input_consume(looked_at);
            if read.len() == bytes.len() {
                break;
            }
        }
        assert_eq!(read, bytes);
    }

    #[test]
    fn input_is_bounded_and_set_aside_only_as_it_comes() {
        let mut buffers = GrowingBuffers::new(10 << 10, 16);
        assert_eq!(buffers.input.len(), 0);
        append(&mut buffers, b"short");
        assert_eq!(buffers.input.len(), STEP);
        while append(&mut buffers, &[7; 1_000]) > 0 {}
        assert_eq!(buffers.input().len(), 10 << 10);
        assert!(buffers.input().starts_with(b"short"));
        buffers.input_consume(1);
        assert_eq!(append(&mut buffers, &[8; 1_000]), 1, "there is room again for what was looked at");
        assert!(buffers.input().ends_with(&[7, 8]));
    }

    #[test]
    fn input_that_led_nowhere_asks_for_more() {
        let mut buffers = GrowingBuffers::new(1 << 10, 16);
        append(&mut buffers, b"HTTP/1.1 200");
        buffers.input_consume(0);
        assert!(!buffers.can_use_input());
        buffers.input_consume(4);
        assert!(buffers.can_use_input());
        buffers.input_consume(8);
        assert!(!buffers.can_use_input());
    }
}
