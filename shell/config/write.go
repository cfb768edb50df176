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
	return d.change(func(text string) string { return syntax.WithDefinition(text, name, definition+"\n") })
}

// Undefine takes a named query out of the user's file of aliases, with its doc, and gives its text; "" where the file
// has none of that name.
func (d Directory) Undefine(name string) (definition string, err error) {
	if !d.has(AliasesName) {
		return "", nil
	}
	err = d.change(func(text string) (rest string) {
		rest, definition = syntax.WithoutDefinition(text, name)
		return rest
	})
	return definition, err
}

// change replaces the text of the file of aliases, which is "" where there is none. Where nothing changes the file is
// left alone.
func (d Directory) change(become func(text string) string) error {
	base, below := d.Base, d.Below
	if _, err := os.Stat(base); errors.Is(err, fs.ErrNotExist) && os.Getenv("XDG_CONFIG_HOME") == base {
		base, below = filepath.Dir(base), filepath.Base(base)+"/"+below
	}
	dir, err := ownfile.Locked(base, below, ownfile.LockPatience)
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
	changed := become(text)
	if changed == text && old != nil {
		return nil
	}
	return atomicfile.WritePrivateIn(dir, AliasesName, func(file *os.File) error {
		_, err := file.WriteString(changed)
		return err
	})
}
