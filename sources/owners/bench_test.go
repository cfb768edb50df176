package owners_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"netql/sources/lab"
	"netql/sources/owners"
)

// BenchmarkFind looks through 100,000 file descriptors of 50 processes, and through the same the simple way.
func BenchmarkFind(b *testing.B) {
	lab.Require(b)
	const processes, sockets = 50, 2000
	var files []*os.File
	for range sockets {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			b.Fatal(err)
		}
		file, err := c.File()
		if err != nil {
			b.Fatal(err)
		}
		c.Close()
		defer file.Close()
		files = append(files, file)
	}
	for range processes {
		hold(b, files)
	}
	b.Run("Proc", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := (owners.Proc{}).Find(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("simple", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			simple(b)
		}
	})
}

// hold starts a process that has the files open until the benchmark ends.
func hold(b *testing.B, files []*os.File) {
	cmd := exec.Command("cat")
	cmd.ExtraFiles = files
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		stdin.Close()
		cmd.Wait()
	})
}

// simple is the walk that comes to mind first, with the same result.
func simple(b *testing.B) *owners.Table {
	dirs, err := os.ReadDir("/proc")
	if err != nil {
		b.Fatal(err)
	}
	var seen []owners.SocketOwner
	for _, dir := range dirs {
		pid, err := strconv.Atoi(dir.Name())
		if err != nil {
			continue
		}
		fds, err := os.ReadDir(filepath.Join("/proc", dir.Name(), "fd"))
		if err != nil {
			continue
		}
		comm, _ := os.ReadFile(filepath.Join("/proc", dir.Name(), "comm"))
		for _, entry := range fds {
			link, err := os.Readlink(filepath.Join("/proc", dir.Name(), "fd", entry.Name()))
			if err != nil || !strings.HasPrefix(link, "socket:[") {
				continue
			}
			inode, _ := strconv.ParseUint(link[len("socket:["):len(link)-1], 10, 64)
			fd, _ := strconv.Atoi(entry.Name())
			owner := owners.Owner{PID: pid, Process: strings.TrimSuffix(string(comm), "\n"), FD: fd}
			seen = append(seen, owners.SocketOwner{Inode: inode, Owner: owner})
		}
	}
	return owners.NewTable(seen)
}
