//! Writing beside the target and renaming.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::ExportError;

/// Writes a file so that readers find the old contents or the new ones, never a part of them.
///
/// The contents go to a temporary file in the same directory, which is flushed to the disk and renamed to
/// `path` when `write` has succeeded, and removed otherwise. Permissions are those of an ordinary new file
/// (on Unix 0666 less the umask).
///
/// # Errors
///
/// If the directory does not exist, `path` is a directory, the system refuses, or `write` fails.
pub fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let io_error = |source: io::Error| ExportError::Io { path: path.to_owned(), source };
    let mut temporary = beside(path)?;
    let mut writer = BufWriter::new(temporary.as_file_mut());
    write(&mut writer)?;
    writer.flush().map_err(io_error)?;
    drop(writer);
    temporary.as_file().sync_data().map_err(io_error)?;
    temporary.persist(path).map_err(|refused| io_error(refused.error))?;
    Ok(())
}

/// Finds out whether a file could be written, leaving nothing behind.
///
/// A check before long work; the disk may still fill up in the meantime.
///
/// # Errors
///
/// If the directory does not exist or refuses new files, or `path` is a directory.
pub fn check_writable(path: &Path) -> Result<(), ExportError> {
    beside(path).map(drop)
}

/// A temporary file in the directory of `path`.
fn beside(path: &Path) -> Result<NamedTempFile, ExportError> {
    let Some(name) = path.file_name().filter(|_| !path.is_dir()) else {
        return Err(ExportError::NotAFile { path: path.to_owned() });
    };
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !directory.is_dir() {
        return Err(ExportError::MissingDirectory { path: path.to_owned(), directory: directory.to_owned() });
    }
    let mut prefix = std::ffi::OsString::from(".");
    prefix.push(name);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(directory).map_err(|source| ExportError::Io { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_text(path: &Path, text: &str) -> Result<(), ExportError> {
        write_atomically(path, |writer| {
            writer
                .write_all(text.as_bytes())
                .map_err(|source| ExportError::Io { path: path.to_owned(), source })
        })
    }

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("map.txt");
        write_text(&path, "a long first version").expect("written");
        write_text(&path, "second").expect("written");
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), "second");
        assert_eq!(std::fs::read_dir(directory.path()).expect("readable").count(), 1);
    }

    #[test]
    fn failure_leaves_the_old_file_and_nothing_else() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("map.txt");
        write_text(&path, "old").expect("written");
        let failed = write_atomically(&path, |writer| {
            writer.write_all(b"half").expect("buffered");
            Err(ExportError::NotAFile { path: path.clone() })
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), "old");
        assert_eq!(std::fs::read_dir(directory.path()).expect("readable").count(), 1);
    }

    #[test]
    fn a_missing_directory_is_named() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("nowhere").join("map.txt");
        let message = write_text(&path, "x").expect_err("no such directory").to_string();
        assert!(
            message.contains("nowhere/map.txt") && message.ends_with("nowhere` does not exist"),
            "{message}"
        );
        assert!(matches!(write_text(directory.path(), "x"), Err(ExportError::NotAFile { .. })));
    }

    #[test]
    fn checking_leaves_nothing_behind() {
        let directory = tempfile::tempdir().expect("a directory");
        check_writable(&directory.path().join("map.txt")).expect("writable");
        assert!(check_writable(&directory.path().join("nowhere").join("map.txt")).is_err());
        assert_eq!(std::fs::read_dir(directory.path()).expect("readable").count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_those_of_an_ordinary_file() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().expect("a directory");
        let (ours, ordinary) = (directory.path().join("ours"), directory.path().join("ordinary"));
        write_text(&ours, "x").expect("written");
        std::fs::write(&ordinary, "x").expect("written");
        let mode = |path| std::fs::metadata(path).expect("exists").permissions().mode();
        assert_eq!(mode(&ours), mode(&ordinary));
    }
}
