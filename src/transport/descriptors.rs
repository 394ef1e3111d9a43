//! A process or system that has no descriptor left to open anything with.

use std::fs::File;
use std::io;

/// What to do about it.
pub(super) const RAISE_DESCRIPTORS: &str = "raise the limit of open files";

/// Whether this is why something could not be opened.
pub(super) fn is_lack_of_descriptors(error: &io::Error) -> bool {
    // ENFILE and EMFILE, as every Unix has them.
    cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24))
}

/// The error where nothing can be opened now, for those who are not told why they could not.
pub(super) fn lack_of_descriptors() -> Option<io::Error> {
    if !cfg!(unix) {
        return None;
    }
    File::open("/").err().filter(is_lack_of_descriptors)
}
