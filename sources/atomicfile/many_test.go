package atomicfile

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWriteAll: all files are there, for their owner alone, and nothing else is.
func TestWriteAll(t *testing.T) {
	path := t.TempDir()
	dir, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if err := os.WriteFile(filepath.Join(path, "a"), []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := WriteAllPrivateIn(dir, []File{{"a", []byte("one")}, {"b", []byte("two")}, {"c", nil}}); err != nil {
		t.Fatal(err)
	}
	if err := WriteAllPrivateIn(dir, []File{{"d", []byte("four")}}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"a": "one", "b": "two", "c": "", "d": "four"} {
		expect(t, filepath.Join(path, name), want, 0o600, "a", "b", "c", "d")
	}
}

// TestWriteAllFails: where a file cannot be replaced, no temporary file is left, and the error names the file.
func TestWriteAllFails(t *testing.T) {
	path := t.TempDir()
	dir, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if err := os.Mkdir(filepath.Join(path, "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	err = WriteAllPrivateIn(dir, []File{{"a", []byte("one")}, {"b", []byte("two")}, {"c", []byte("three")}})
	if want := "rename " + path + "/b: is a directory"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	expect(t, filepath.Join(path, "a"), "one", 0o600, "a", "b")
}
