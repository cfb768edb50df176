package ownfile

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

const below = ".local/state/netql"

// TestOurs: directories are made for us alone, and a link of ours may stand for one.
func TestOurs(t *testing.T) {
	base, elsewhere := t.TempDir(), t.TempDir()
	way := filepath.Join(t.TempDir(), "way")
	if err := errors.Join(os.Symlink("../"+filepath.Base(elsewhere)+"//.", filepath.Join(base, ".local")),
		os.Symlink(filepath.Dir(base), way)); err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{base, way + "/./" + filepath.Base(base) + "/"} {
		dir, err := Directory(base, below)
		if err != nil {
			t.Fatal(err)
		}
		file, err := Open(dir, "file", os.O_CREATE|os.O_RDWR, 0o600)
		if err := errors.Join(err, dir.Close(), file.Close()); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]fs.FileMode{"": 0o700, "file": 0o600} {
		info, err := os.Stat(filepath.Join(elsewhere, "state/netql", path))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: %v, %v", path, info, err)
		}
	}
}

// TestForeign: what belongs to somebody else is not entered, opened or added to.
func TestForeign(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file to somebody else")
	}
	for name, test := range map[string]struct {
		prepare func(base, directory, elsewhere string) error
		want    error
		made    bool // the directories may be there afterwards
	}{
		"the base": {func(base, _, _ string) error {
			return os.Chown(base, somebodyElse, -1)
		}, ErrForeign, false},
		"a directory": {func(base, _, _ string) error {
			local := filepath.Join(base, ".local")
			return errors.Join(os.Mkdir(local, 0o777), os.Chown(local, somebodyElse, -1))
		}, ErrForeign, false},
		"a link": {func(base, _, elsewhere string) error {
			link := filepath.Join(base, ".local")
			return errors.Join(os.Symlink(elsewhere, link), os.Lchown(link, somebodyElse, -1))
		}, ErrForeign, false},
		"a link on the way to the base": {func(base, _, elsewhere string) error {
			link := filepath.Join(filepath.Dir(base), "way")
			return errors.Join(os.Symlink(elsewhere, link), os.Lchown(link, somebodyElse, -1), os.Remove(base),
				os.Symlink(link, base))
		}, ErrForeign, false},
		"a link for the base": {func(base, _, elsewhere string) error {
			return errors.Join(os.Remove(base), os.Symlink(elsewhere, base), os.Lchown(base, somebodyElse, -1))
		}, ErrForeign, false},
		"a loop": {func(base, _, _ string) error {
			return errors.Join(os.Remove(base), os.Symlink(base, base))
		}, syscall.ELOOP, false},
		"our link to a directory": {func(base, _, elsewhere string) error {
			return errors.Join(os.Symlink(elsewhere, filepath.Join(base, ".local")),
				os.Chown(elsewhere, somebodyElse, -1))
		}, ErrForeign, false},
		"the file": {func(_, directory, _ string) error {
			file := filepath.Join(directory, "file")
			return errors.Join(os.MkdirAll(directory, 0o700),
				os.WriteFile(file, nil, 0o666), os.Chown(file, somebodyElse, -1))
		}, ErrForeign, true},
		"a link for the file": {func(_, directory, elsewhere string) error {
			return errors.Join(os.MkdirAll(directory, 0o700),
				os.Symlink(elsewhere+"/new", filepath.Join(directory, "file")))
		}, ErrLink, true},
	} {
		t.Run(name, func(t *testing.T) {
			base, elsewhere := filepath.Join(t.TempDir(), "base"), t.TempDir()
			if err := os.Mkdir(base, 0o700); err != nil {
				t.Fatal(err)
			}
			directory := filepath.Join(base, below)
			if err := test.prepare(base, directory, elsewhere); err != nil {
				t.Fatal(err)
			}
			err := addTo(base)
			if !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			if names, err := os.ReadDir(elsewhere); err != nil || len(names) > 0 {
				t.Errorf("elsewhere there is %v, %v", names, err)
			}
			if _, err := os.Stat(directory); (err == nil) != test.made {
				t.Errorf("the directory: %v", err)
			}
		})
	}
}

func addTo(base string) error {
	dir, err := Directory(base, below)
	if err != nil {
		return err
	}
	defer dir.Close()
	file, err := Open(dir, "file", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}
