package taskfile

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// btfPath is where the kernel shows its own type information, if it was built with CONFIG_DEBUG_INFO_BTF.
const btfPath = "/sys/kernel/btf/vmlinux"

// kernelLayout reads the layout of the running kernel.
func kernelLayout() (layout, error) { return layoutOf(btfPath) }

// layoutOf reads the layout in a file. It is mapped where the kernel can do that (since 6.16): it has 5 MB, most of
// which are never looked at.
func layoutOf(path string) (l layout, err error) {
	file, err := os.Open(path)
	if err != nil {
		return l, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return l, err
	}
	size := int(min(info.Size(), largestBTF))
	if size > 0 {
		if data, err := unix.Mmap(int(file.Fd()), 0, size, unix.PROT_READ, unix.MAP_PRIVATE); err == nil {
			defer unix.Munmap(data)
			return readLayout(data)
		}
	}
	data, err := io.ReadAll(io.LimitReader(file, largestBTF))
	if err != nil {
		return l, err
	}
	return readLayout(data)
}

// largestBTF is more than any kernel has.
const largestBTF = 64 << 20
