package hub

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"netql/shell/fleet/subject"
	"netql/shell/remote"
	"netql/sources/multierror"
)

// add makes credentials for each name, and writes them. Names that have some are told, and left as they are, so that
// the same list may be given again.
func (c *command) add(kind string) error {
	names, err := c.memberNames()
	if err != nil {
		return err
	}
	hosts, err := namesOf(split(c.hosts))
	if err != nil {
		return err
	}
	if err := c.makeDirectory(); err != nil {
		return err
	}
	c.tellNew()
	issuer, err := openIssuer(c.dir)
	if err != nil {
		return err
	}
	defer issuer.close()
	if hosts != nil {
		if err := c.warnUnknown(issuer.files, hosts); err != nil {
			return err
		}
	}
	return c.each(names, func(name string) error {
		return c.output(name, func(deliver func([]byte) error) error {
			return issuer.add(kind, &member{Name: name, Hosts: hosts}, deliver)
		})
	})
}

// remove makes the credentials of each name void.
func (c *command) remove(kind string) error {
	names, err := c.memberNames()
	if err != nil {
		return err
	}
	return c.each(names, func(name string) error { return removeMember(c.dir, kind, name) })
}

// each does something for each name. Where it cannot be done because of what is there for that name, it goes on with
// the others, and says so.
func (c *command) each(names []string, do func(name string) error) error {
	left := 0
	for i, name := range names {
		err := do(name)
		switch {
		case err == nil:
		case len(names) == 1:
			return err
		case errors.Is(err, errKnown), errors.Is(err, errUnknown), errors.Is(err, fs.ErrExist):
			left++
			fmt.Fprintf(c.stderr, "netql-fleet hub: %v\n", err)
		default:
			return fmt.Errorf("%w; %d of %d names were not done", err, left+len(names)-i, len(names))
		}
	}
	if left > 0 {
		return fmt.Errorf("%d of %d names were left as they are", left, len(names))
	}
	return nil
}

// memberNames are the names of the command line, each once.
func (c *command) memberNames() ([]string, error) {
	names, err := namesOf(c.words)
	if err == nil && len(names) > 1 && c.out != "" && !c.intoDirectory() {
		err = fmt.Errorf("--out takes the credentials of one name; a directory (%s/) takes those of all; %w",
			strings.TrimSuffix(c.out, "-"), errUsage)
	}
	return names, err
}

// namesOf are the names that words are, or files of names (@FILE). Each is checked, before anything is done.
func namesOf(words []string) (names []string, err error) {
	for _, word := range words {
		if !strings.HasPrefix(word, "@") {
			names = append(names, word)
			continue
		}
		listed, err := remote.ParseList(word, readFile)
		if err != nil {
			return nil, err
		}
		for _, name := range listed {
			names = append(names, string(name))
		}
	}
	seen := map[string]bool{}
	for _, name := range names {
		if err := subject.CheckName(name); err != nil {
			return nil, err
		}
		seen[name] = true
	}
	return slices.DeleteFunc(names, func(name string) bool {
		first := seen[name]
		seen[name] = false
		return !first
	}), nil
}

func readFile(path string) (string, error) {
	text, err := os.ReadFile(path)
	return string(text), err
}

// intoDirectory says whether --out is a directory: it is there, or ends with a slash.
func (c *command) intoDirectory() bool {
	if strings.HasSuffix(c.out, "/") {
		return true
	}
	info, err := os.Stat(c.out)
	return err == nil && info.IsDir()
}

// makeDirectory makes the directory of --out, if it is one.
func (c *command) makeDirectory() error {
	if !strings.HasSuffix(c.out, "/") {
		return nil
	}
	return os.MkdirAll(c.out, 0o700)
}

// output has a function write credentials to where they go. A file that exists is left as it is.
func (c *command) output(name string, write func(deliver func([]byte) error) error) error {
	if c.out == "-" {
		return write(func(creds []byte) error {
			_, err := c.stdout.Write(creds)
			return err
		})
	}
	path := c.out
	if path == "" || c.intoDirectory() {
		path = filepath.Join(path, name+credentialsSuffix)
	}
	err := writeNew(path, write)
	if err == nil {
		_, err = fmt.Fprintln(c.stdout, path)
	}
	return err
}

// writeNew has a function write credentials into a file that does not exist yet.
func writeNew(path string, write func(deliver func([]byte) error) error) error {
	// Before there are credentials: nobody would have those that could not be written.
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = write(func(creds []byte) error {
		_, err := file.Write(creds)
		return multierror.Join(err, file.Close()) // what a full disk does not take may be told as late as that
	})
	if err != nil {
		file.Close()
		os.Remove(path)
	}
	return err
}

// tellNew tells that a hub is made, which is not meant where its directory is mistyped.
func (c *command) tellNew() {
	if !hasKeys(c.dir) {
		fmt.Fprintf(c.stderr, "netql-fleet hub: %s was no directory of a hub, and is one now\n", c.dir)
	}
}

// warnUnknown tells of hosts that a user may ask and that nobody has added: their names may be mistyped.
func (c *command) warnUnknown(files *directories, hosts []string) error {
	added, err := files.names(hostsDir)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, name := range added {
		known[name] = true
	}
	unknown := slices.DeleteFunc(slices.Clone(hosts), func(host string) bool { return known[host] })
	if len(unknown) > 0 {
		fmt.Fprintf(c.stderr, "netql-fleet hub: warning: no host has these names yet: %s\n",
			strings.Join(unknown, ", "))
	}
	return nil
}
