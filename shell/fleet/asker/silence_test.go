package asker

import (
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// TestSilence: a connection goes on while something comes now and then, and breaks when nothing does.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, client := net.Pipe()
		defer server.Close()
		conn := &heardConn{Conn: client, heard: new(lastHeard)}
		conn.SetDeadline(time.Now().Add(time.Second))
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after the user's deadline: %v", err)
		}
		conn.SetDeadline(time.Time{})
		const times = 10
		go func() {
			for range times {
				time.Sleep(longestSilence - time.Second)
				server.Write([]byte("x"))
			}
		}()
		start := time.Now()
		for range times {
			if _, err := conn.Read(make([]byte, 1)); err != nil {
				t.Errorf("after %v: %v", time.Since(start), err)
			}
		}
		start = time.Now()
		_, err := conn.Read(make([]byte, 1))
		if silence := time.Since(start); !errors.Is(err, os.ErrDeadlineExceeded) || silence != longestSilence {
			t.Errorf("after a silence of %v: %v", silence, err)
		}
	})
}
