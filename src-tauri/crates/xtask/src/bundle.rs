//! Packages: a `.deb` and an `.rpm`, put together by the distributions' own tools. They write the formats, and they read
//! out of the program which libraries it takes.

use crate::Done;
use crate::cargo::{cargo, root, run as call, target};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const NAME: &str = "sallyport";
/// What is installed: the program, and the verifier of exported journals.
const PROGRAMS: [&str; 2] = [NAME, "sallyport-verify"];
const VERSION: &str = env!("CARGO_PKG_VERSION");
const SUMMARY: &str = "Two-factor authentication for a workspace";
const DESCRIPTION: &str = "\
Members enrol an authenticator app and keep backup codes; support staff and
administrators let back in those who are locked out; everything that happens
is in a journal. All of it lies in one encrypted file on this computer.";

// The file's name is the one that Wayland knows the window by, StartupWMClass the one that X11 does.
const DESKTOP_ENTRY: &str = "\
[Desktop Entry]
Type=Application
Name=Sallyport
GenericName=Two-factor authentication
GenericName[fr]=Authentification à deux facteurs
Comment=Two-factor authentication for a workspace
Comment[fr]=L’authentification à deux facteurs d’un espace de travail
Keywords=2FA;authenticator;codes;recovery;
Keywords[fr]=2FA;authentification;codes;récupération;
Exec=sallyport
Icon=sallyport
Terminal=false
Categories=System;Security;
StartupNotify=true
StartupWMClass=sallyport
";

/// Which program goes into the packages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    Release,
    /// Built quickly: for trying the packages out.
    Debug,
}

/// The packages that were made.
pub(crate) struct Packages {
    pub(crate) deb: PathBuf,
    pub(crate) rpm: PathBuf,
}

/// Builds the program and makes both packages of it.
pub(crate) fn bundle(build: Build) -> Done<Packages> {
    let [program, verifier] = PROGRAMS;
    let packages = ["--package", program, "--package", verifier];
    let built = match build {
        Build::Release => {
            cargo(&[&["build", "--release"], &packages[..]].concat())?;
            target().join("release")
        }
        Build::Debug => {
            cargo(&[&["build"], &packages[..]].concat())?;
            target().join("debug")
        }
    };
    let folder = target().join("bundle").join(if build == Build::Release { "release" } else { "debug" });
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| format!("{} cannot be emptied: {error}.", folder.display()))?;
    }
    let tree = folder.join("tree");
    lay_out(&tree, &built)?;
    let packages = Packages { deb: deb(&folder, &tree)?, rpm: rpm(&folder, &tree)? };
    println!("{}\n{}", packages.deb.display(), packages.rpm.display());
    Ok(packages)
}

/// Everything that is installed, as it will lie on the other computer.
fn lay_out(tree: &Path, built: &Path) -> Done {
    for program in PROGRAMS {
        let binary = put(tree, &format!("usr/bin/{program}"), &read(&built.join(program))?, 0o755)?;
        call(Command::new("strip").arg(&binary), "strip")?;
    }
    put(tree, "usr/share/applications/sallyport.desktop", DESKTOP_ENTRY.as_bytes(), 0o644)?;
    let icons = root().join("icons");
    for (file, size) in [("32x32.png", "32x32"), ("128x128.png", "128x128"), ("256x256.png", "256x256"), ("icon.png", "512x512")] {
        put(tree, &format!("usr/share/icons/hicolor/{size}/apps/sallyport.png"), &read(&icons.join(file))?, 0o644)?;
    }
    put(tree, "usr/share/icons/hicolor/scalable/apps/sallyport.svg", &read(&icons.join("sallyport.svg"))?, 0o644)?;
    let licences = [read(&root().join("LICENSE"))?, b"\n\n".to_vec(), read(&root().join("src-tauri/licences.txt"))?].concat();
    put(tree, "usr/share/doc/sallyport/copyright", &licences, 0o644)?;
    put(tree, "usr/share/doc/sallyport/CHANGELOG.md", &read(&root().join("src-tauri/docs/CHANGELOG.md"))?, 0o644)?;
    Ok(())
}

fn deb(folder: &Path, tree: &Path) -> Done<PathBuf> {
    let architecture = answer(Command::new("dpkg").arg("--print-architecture"))?;
    // dpkg-shlibdeps looks for the description of a source package beside it.
    put(folder, "debian/control", format!("Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n").as_bytes(), 0o644)?;
    let needs =
        answer(Command::new("dpkg-shlibdeps").args(["-O", "tree/usr/bin/sallyport", "tree/usr/bin/sallyport-verify"]).current_dir(folder))?;
    let needs = needs.strip_prefix("shlibs:Depends=").ok_or_else(|| format!("dpkg-shlibdeps said “{needs}”."))?;
    let description: String = DESCRIPTION.lines().map(|line| format!(" {line}\n")).collect();
    let control = format!(
        "Package: {NAME}\nVersion: {VERSION}\nArchitecture: {architecture}\nMaintainer: Sallyport <packages@sallyport.invalid>\n\
         Installed-Size: {}\nDepends: {needs}\nSuggests: gnome-keyring\nSection: admin\nPriority: optional\nDescription: {SUMMARY}\n{description}",
        size(tree)?.div_ceil(1024)
    );
    // Only the package for dpkg has this part of the tree.
    let with_control = folder.join("deb");
    call(Command::new("cp").args(["-a", "tree", "deb"]).current_dir(folder), "cp")?;
    put(&with_control, "DEBIAN/control", control.as_bytes(), 0o644)?;
    let sums = answer(Command::new("sh").args(["-c", "find usr -type f -print0 | sort -z | xargs -0 md5sum"]).current_dir(tree))?;
    put(&with_control, "DEBIAN/md5sums", format!("{sums}\n").as_bytes(), 0o644)?;
    let file = folder.join(format!("{NAME}_{VERSION}_{architecture}.deb"));
    call(Command::new("dpkg-deb").args(["--root-owner-group", "--build"]).arg(&with_control).arg(&file), "dpkg-deb")?;
    Ok(file)
}

fn rpm(folder: &Path, tree: &Path) -> Done<PathBuf> {
    let files = "\
%attr(0755, root, root) /usr/bin/sallyport
%attr(0755, root, root) /usr/bin/sallyport-verify
/usr/share/applications/sallyport.desktop
/usr/share/icons/hicolor/*/apps/sallyport.*
%dir /usr/share/doc/sallyport
%license /usr/share/doc/sallyport/copyright
%doc /usr/share/doc/sallyport/CHANGELOG.md
";
    let spec = format!(
        "%global debug_package %{{nil}}\n%define __os_install_post %{{nil}}\n%define _build_id_links none\n\
         Name: {NAME}\nVersion: {VERSION}\nRelease: 1\nSummary: {SUMMARY}\nLicense: Apache-2.0\nGroup: System/Utilities\n\
         Requires: hicolor-icon-theme\n%description\n{DESCRIPTION}\n%install\ncp -a {}/. %{{buildroot}}/\n%files\n%defattr(-, root, root)\n{files}",
        tree.display()
    );
    let spec = put(folder, "sallyport.spec", spec.as_bytes(), 0o644)?;
    let defined = |name: &str, value: &Path| format!("{name} {}", value.display());
    call(
        Command::new("rpmbuild")
            .args(["-bb", "--quiet", "--define", &defined("_topdir", &folder.join("rpm")), "--define", &defined("_rpmdir", folder)])
            .args([
                "--define",
                &defined("_dbpath", &folder.join("rpm/db")),
                "--define",
                "_rpmfilename %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm",
            ])
            .arg(spec),
        "rpmbuild",
    )?;
    let mut made = std::fs::read_dir(folder).map_err(|error| error.to_string())?.flatten().map(|entry| entry.path());
    made.find(|path| path.extension().is_some_and(|end| end == "rpm")).ok_or_else(|| "rpmbuild left no package.".to_owned())
}

fn put(tree: &Path, at: &str, bytes: &[u8], mode: u32) -> Done<PathBuf> {
    let file = tree.join(at);
    let write = || -> std::io::Result<()> {
        let mut above = tree.to_owned();
        std::fs::create_dir_all(&above)?;
        // A strict umask here is no matter of the computer that the package is installed on.
        for part in Path::new(at).parent().into_iter().flat_map(Path::components) {
            above.push(part);
            std::fs::create_dir_all(&above)?;
            std::fs::set_permissions(&above, std::fs::Permissions::from_mode(0o755))?;
        }
        std::fs::write(&file, bytes)?;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode))
    };
    write().map_err(|error| format!("{} cannot be written: {error}.", file.display()))?;
    Ok(file)
}

fn read(file: &Path) -> Done<Vec<u8>> {
    std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))
}

fn size(tree: &Path) -> Done<u64> {
    let said = answer(Command::new("du").args(["--bytes", "--summarize"]).arg(tree))?;
    said.split_whitespace().next().and_then(|bytes| bytes.parse().ok()).ok_or_else(|| format!("du said “{said}”."))
}

/// What a program says, without its last line end.
pub(crate) fn answer(command: &mut Command) -> Done<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name} cannot be started: {error}."))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    Err(format!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
