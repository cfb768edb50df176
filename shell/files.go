package shell

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
)

// filesFrom are the files whose path starts with the given text, for completion. Directories have a slash at the end,
// hidden files are among them only if their dot is typed, and ~/ is the user's home.
func filesFrom(path string) (files []string) {
	directory, name := filepath.Split(path)
	entries, err := os.ReadDir(expandHome(cmp.Or(directory, ".")))
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), name) || name == "" && strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		file := directory + entry.Name()
		if info, err := os.Stat(expandHome(file)); err == nil && info.IsDir() {
			file += "/"
		}
		files = append(files, file)
	}
	return files
}

// expandHome is the path with the user's home in place of a leading ~, as shells expand it.
func expandHome(path string) string {
	rest, ok := strings.CutPrefix(path, "~/")
	if !ok {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}
