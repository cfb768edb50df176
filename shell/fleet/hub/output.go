package hub

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"netql/sources/multierror"
)

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

// output is where the credentials of a name go.
type output struct {
	path string // of a file; "" for stdout
	to   io.Writer
	file *os.File // nil for stdout
}

// output opens where the credentials of a name go. A file that exists is left as it is.
func (c *command) output(name string) (*output, error) {
	if c.out == "-" {
		return &output{to: c.stdout}, nil
	}
	path := c.out
	if path == "" || c.intoDirectory() {
		path = filepath.Join(path, name+credentialsSuffix)
	}
	return newFile(path)
}

// newFile makes a file for credentials, before there are any: nobody would have those that could not be written.
func newFile(path string) (*output, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	return &output{path, file, file}, nil
}

// deliver writes the credentials. What a full disk does not take may be told as late as when the file is closed.
func (o *output) deliver(creds []byte) error {
	_, err := o.to.Write(creds)
	if o.file != nil {
		err = multierror.Join(err, o.file.Close())
	}
	return err
}

// abandon takes the file away again, which has no credentials.
func (o *output) abandon() {
	if o.file != nil {
		o.file.Close() // fails where it is closed already
		os.Remove(o.path)
	}
}
