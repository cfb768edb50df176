package capture

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"netql/sources/lab"
)

// only fails unless a directory holds just these files.
func only(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(names) {
		t.Errorf("%s holds %v, and should %v", dir, entries, names)
	}
	for i := range min(len(entries), len(names)) {
		if entries[i].Name() != names[i] {
			t.Errorf("%s holds %s, not %s", dir, entries[i].Name(), names[i])
		}
	}
}

// recorder has recorded the made-up stack.
func recorder(t *testing.T) *Recorder {
	t.Helper()
	r := NewRecorder(t.Context(), stack())
	everything(t, r.System())
	return r
}

// TestSave: the file is its owner's alone, replaces what was there, follows a link, and has nothing beside it.
func TestSave(t *testing.T) {
	dir := t.TempDir()
	r := recorder(t)
	path, link := filepath.Join(dir, "capture"), filepath.Join(dir, "link")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("capture", link); err != nil {
		t.Fatal(err)
	}
	size, err := r.Save(t.Context(), link, Manifest{ByteOrder: byteOrder()})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(path)
	if err != nil || info.Mode() != 0o600 || info.Size() != size {
		t.Errorf("%v, %v; %d bytes were written", info, err, size)
	}
	if _, err := Open(link); err != nil {
		t.Error(err)
	}
	only(t, dir, "capture", "link")
}

// TestSaveFails: what cannot be written leaves no trace, and what was there stays.
func TestSaveFails(t *testing.T) {
	r := recorder(t)
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	astray := filepath.Join(t.TempDir(), "astray")
	if err := os.Symlink("nowhere", astray); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{fifo, dir, filepath.Join(dir, "nowhere", "capture"), "/dev/null", astray} {
		if _, err := r.Save(t.Context(), path, Manifest{}); err == nil || !strings.Contains(err.Error(), path) ||
			strings.Contains(err.Error(), ".netql-") {
			t.Errorf("%s: %v", path, err)
		}
	}
	only(t, dir, "fifo")
	only(t, filepath.Dir(astray), "astray")

	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("changed my mind")
	cancel(why)
	if _, err := r.Save(ctx, filepath.Join(dir, "capture"), Manifest{}); !errors.Is(err, why) {
		t.Errorf("error %v", err)
	}
	only(t, dir, "fifo")
}

// TestReadBack: a capture that cannot be opened is not saved, and what was there stays.
func TestReadBack(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "capture")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := recorder(t)
	r.facts.files["/proc/../x"] = &fileFacts{link: &link{target: "y"}}
	if _, err := r.Save(t.Context(), path, r.Manifest("test", nil)); !errors.Is(err, errMalformed) {
		t.Errorf("error %v", err)
	}
	only(t, dir, "capture")
	if string(mustRead(t, path)) != "old" {
		t.Error("the old file is gone")
	}
}

// TestFullDisk writes to a disk that has no room.
func TestFullDisk(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		dir := t.TempDir()
		if err := syscall.Mount("none", dir, "tmpfs", 0, "size=8k"); err != nil {
			t.Fatal(err)
		}
		defer syscall.Unmount(dir, 0)
		path := filepath.Join(dir, "capture")
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := recorder(t).Save(t.Context(), path, Manifest{}); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("error %v", err)
		}
		only(t, dir, "capture")
		if string(mustRead(t, path)) != "old" {
			t.Error("the old file is gone")
		}
	})
}

// TestKeep: what is kept in memory is what a file would hold, and the end of the context ends it.
func TestKeep(t *testing.T) {
	r := recorder(t)
	kept, err := r.Keep(t.Context(), "then", Manifest{ByteOrder: byteOrder(), PID: 7})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "capture")
	if _, err := r.Save(t.Context(), path, Manifest{ByteOrder: byteOrder(), PID: 7}); err != nil {
		t.Fatal(err)
	}
	saved, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if system := kept.System(); system.Name != "then" || system.PID != 7 {
		t.Errorf("kept is %s of %d", system.Name, system.PID)
	}
	if !reflect.DeepEqual(kept.facts, saved.facts) || kept.Memory() != saved.Memory() || kept.Memory() <= 0 {
		t.Errorf("%d bytes are kept, %d saved", kept.Memory(), saved.Memory())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Keep(ctx, "", Manifest{ByteOrder: byteOrder()}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
