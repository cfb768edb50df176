package capture

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"netql/sources/multierror"
)

// A block is a piece of data that is packed by itself. A recorder fills raw, and a reader has packed and the size.
type block struct {
	raw    []byte
	packed []byte
	size   int // of raw, as the file says
}

// packLevel is the level of flate, the fastest that packs well: socket diagnostics to a twelfth, at 350 MB/s.
const packLevel = 2

// packAll packs blocks, several at a time.
func packAll(blocks []*block) error {
	next := make(chan *block)
	faults := make([]error, runtime.GOMAXPROCS(0))
	var group sync.WaitGroup
	for i := range faults {
		group.Go(func() {
			w, err := flate.NewWriter(nil, packLevel)
			for b := range next {
				if err == nil {
					err = b.pack(w)
				}
			}
			faults[i] = err
		})
	}
	for _, b := range blocks {
		next <- b
	}
	close(next)
	group.Wait()
	return multierror.Join(faults...)
}

func (b *block) pack(w *flate.Writer) error {
	var packed bytes.Buffer
	w.Reset(&packed)
	if _, err := w.Write(b.raw); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	b.packed, b.size = packed.Bytes(), len(b.raw)
	return nil
}

// maxFlateRatio is more than how many bytes flate can make of one byte: two bits may stand for 258 bytes, 1032 times as
// many.
const maxFlateRatio = 1040

// An unpacker unpacks one block after the other, with the same memory.
type unpacker struct{ flate io.ReadCloser }

// unpack gives the data, which must not be written to. It allocates no more than the size in the file's header, which
// is checked against maxFlateRatio first.
func (u *unpacker) unpack(b *block) ([]byte, error) {
	if b.raw != nil || b.size == 0 {
		return b.raw, nil
	}
	wrong := fmt.Errorf("%w: what should unpack to %d bytes does not", errMalformed, b.size)
	if b.size > maxFlateRatio*len(b.packed) {
		return nil, wrong
	}
	if u.flate == nil {
		u.flate = flate.NewReader(bytes.NewReader(b.packed))
	} else if err := u.flate.(flate.Resetter).Reset(bytes.NewReader(b.packed), nil); err != nil {
		return nil, err
	}
	raw := make([]byte, b.size)
	if _, err := io.ReadFull(u.flate, raw); err != nil {
		return nil, fmt.Errorf("%w: %w", wrong, err)
	}
	if n, err := io.ReadFull(u.flate, make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return nil, wrong
	}
	return raw, nil
}
