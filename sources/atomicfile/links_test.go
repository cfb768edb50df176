package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// somebodyElse is the number of a user who runs no tests.
const somebodyElse = 54321

// TestForeignLinks: what a link of another user's leads to is not replaced, where the kernel's fs.protected_symlinks
// would not follow it, and whether that is set or not.
func TestForeignLinks(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a link to somebody else")
	}
	for name, test := range map[string]struct {
		mode                fs.FileMode
		ofDirectory, ofLink int
		link, target, path  string
		want                error
	}{
		"a file":             {0o777 | fs.ModeSticky, 0, somebodyElse, "link", "../kept/file", "link", ErrForeignLink},
		"a directory":        {0o777 | fs.ModeSticky, 0, somebodyElse, "link", "../kept", "link/file", ErrForeignLink},
		"no file yet":        {0o777 | fs.ModeSticky, 0, somebodyElse, "link", "../kept/new", "link", ErrForeignLink},
		"our own":            {0o777 | fs.ModeSticky, somebodyElse, 0, "link", "../kept/file", "link", nil},
		"of the directory's": {0o777 | fs.ModeSticky, somebodyElse, somebodyElse, "link", "../kept/file", "link", nil},
		"not open to all":    {0o755 | fs.ModeSticky, 0, somebodyElse, "link", "../kept/file", "link", nil},
		"not sticky":         {0o777, 0, somebodyElse, "link", "../kept", "link/file", nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			open, kept := filepath.Join(dir, "open"), filepath.Join(dir, "kept")
			link := filepath.Join(open, test.link)
			if err := errors.Join(os.Mkdir(open, 0o755), os.Mkdir(kept, 0o755),
				os.WriteFile(filepath.Join(kept, "file"), []byte("old"), 0o644),
				os.Symlink(test.target, link), os.Lchown(link, test.ofLink, -1),
				os.Chown(open, test.ofDirectory, -1), os.Chmod(open, test.mode)); err != nil {
				t.Fatal(err)
			}
			for _, write := range []func(string, func(*os.File) error) error{Write, WritePrivate} {
				if err := write(filepath.Join(open, test.path), writing("new")); !errors.Is(err, test.want) {
					t.Errorf("%v, want %v", err, test.want)
				}
			}
			want := map[error]string{ErrForeignLink: "old", nil: "new"}[test.want]
			text, err := os.ReadFile(filepath.Join(kept, "file"))
			if err != nil || string(text) != want {
				t.Errorf("the file has %q, %v", text, err)
			}
			if names, err := os.ReadDir(kept); err != nil || len(names) != 1 {
				t.Errorf("%v, %v", names, err)
			}
		})
	}
}

// TestForeignFile: a file of somebody else's that is replaced gives no more permissions than the umask leaves.
func TestForeignFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for old, want := range map[fs.FileMode]fs.FileMode{0o666: 0o644, 0o640: 0o640, 0o600: 0o600} {
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, old)); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(path, somebodyElse, -1); err != nil {
			t.Skip("only root can give a file to somebody else")
		}
		umask := syscall.Umask(0o022)
		err := Write(path, writing("new"))
		syscall.Umask(umask)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, path, "new", want, "file")
		os.Remove(path)
	}
}

// TestLinksLead: links lead on, by way of directories and of each other, and not for ever.
func TestLinksLead(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := errors.Join(os.MkdirAll("a/b", 0o755), os.Symlink("a/b", "short"), os.Symlink("short/../b/file", "link"),
		os.Symlink(filepath.Join(dir, "link"), "absolute"), os.Symlink("round", "round"),
		os.WriteFile("a/b/file", []byte("old"), 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"link", "absolute", "./short//file", dir + "/a/../absolute", "short/new"} {
		if err := Write(path, writing(path)); err != nil {
			t.Error(err)
		}
		want := "a/b/file"
		if path == "short/new" {
			want = "a/b/new"
		}
		if text, err := os.ReadFile(want); err != nil || string(text) != path {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
	for path, want := range map[string]error{
		"round": syscall.ELOOP, "": fs.ErrNotExist, "a/b/": ErrIrregular, "/": ErrIrregular, ".": ErrIrregular,
		"a/b/file/": syscall.ENOTDIR, "none/": fs.ErrNotExist,
	} {
		if err := Write(path, writing("x")); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", path, err, want)
		}
	}
}

// TestWritePrivateIn: the name in a directory is no way to another one.
func TestWritePrivateIn(t *testing.T) {
	path := t.TempDir()
	dir, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	for range 2 {
		if err := WritePrivateIn(dir, "file", writing("text")); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, filepath.Join(path, "file"), "text", 0o600, "file")
	if err := os.Symlink("file", filepath.Join(path, "link")); err != nil {
		t.Fatal(err)
	}
	if err := WritePrivateIn(dir, "link", writing("other")); !errors.Is(err, ErrIrregular) {
		t.Error(err)
	}
	expect(t, filepath.Join(path, "file"), "text", 0o600, "file", "link")
}
