package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"netql/query/syntax"
	"netql/shell/ownfile"
	"netql/sources/atomicfile"
)

// AliasesName is the name of the file with the named queries that were made at the prompt.
const AliasesName = "aliases" + suffix

// Define puts a named query into the user's file of aliases, in the place of an older one of its name. The directories
// are made where they are missing, but for the user's home. Several prompts may do so at a time.
func (d Directory) Define(name, definition string) error {
	base, below := d.Base, d.Below
	if _, err := os.Stat(base); errors.Is(err, fs.ErrNotExist) && os.Getenv("XDG_CONFIG_HOME") == base {
		base, below = filepath.Dir(base), filepath.Base(base)+"/"+below
	}
	dir, err := ownfile.Locked(base, below)
	if err != nil {
		return err
	}
	defer dir.Close()
	old, err := read(dir, AliasesName)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text := ""
	if old != nil {
		text = old.Text
	}
	return atomicfile.WritePrivateIn(dir, AliasesName, func(file *os.File) error {
		_, err := file.WriteString(syntax.WithDefinition(text, name, definition+"\n"))
		return err
	})
}
