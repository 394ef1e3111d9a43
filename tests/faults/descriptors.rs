//! Whether this process still holds a connection to a port.

/// Panics when more sockets of this process lead to the port than these. Who listens there must still do so: the port is
/// nobody else's then. A client closes what it opened before it returns, so there is nothing to wait for.
#[track_caller]
pub(crate) fn assert_no_more_lead_to(port: u16, known: usize) {
    assert!(connections_to(port) <= known, "a connection to port {port} is left open");
}

/// How many sockets of this process lead to the port.
#[cfg(target_os = "linux")]
fn connections_to(port: u16) -> usize {
    let ours = our_sockets();
    let tables =
        ["/proc/self/net/tcp", "/proc/self/net/tcp6"].map(|path| std::fs::read_to_string(path).unwrap_or_default());
    let rows = tables.iter().flat_map(|table| table.lines().skip(1));
    let leads_there = |row: &&str| {
        let columns: Vec<&str> = row.split_whitespace().collect();
        columns[2].ends_with(&format!(":{port:04X}")) && ours.iter().any(|inode| inode == columns[9])
    };
    rows.filter(leads_there).count()
}

/// The inodes of the sockets among this process's descriptors.
#[cfg(target_os = "linux")]
fn our_sockets() -> Vec<String> {
    let entries = std::fs::read_dir("/proc/self/fd").expect("descriptors are listed there");
    let targets = entries.flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok());
    let names = targets.map(|target| target.to_string_lossy().into_owned());
    names.filter_map(|name| Some(name.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())).collect()
}

#[cfg(not(target_os = "linux"))]
fn connections_to(_: u16) -> usize {
    0
}

#[cfg(target_os = "linux")]
#[test]
fn an_open_connection_is_found_and_a_closed_one_is_not() {
    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    assert_eq!(connections_to(port), 0);
    let connection = std::net::TcpStream::connect((std::net::Ipv4Addr::LOCALHOST, port)).unwrap();
    assert_eq!(connections_to(port), 1);
    drop(connection);
    assert_no_more_lead_to(port, 0);
}
