package capture

import "fmt"

// Limits of what is read, because the maker of the file must not decide how much memory and time it takes. Opening a
// capture and reading all its messages takes at most 200 MB and 2 s, besides what is in proportion to the file's size.
const (
	maxManifest = 1 << 20
	maxPacked   = 32 << 20 // of one section
	maxFile     = 2 << 30  // of all sections
	// maxMemory is how many bytes of memory all but the messages may take: the data of the sections, and what is
	// counted below. Go's garbage collector may let that become twice as much.
	maxMemory = 96 << 20
	maxChunk  = 4 << 20 // of one section of messages, which are unpacked one at a time
	// All messages may unpack to freeData and maxRatio times their size in the file. What the kernel says of 100,000
	// sockets packs to a twelfth; zeros, to a thousandth.
	freeData = 64 << 20
	maxRatio = 64
)

// The bytes of memory of the things in a capture, besides their texts. In the file each is a few bytes, which pack to
// next to nothing.
const (
	memorySection   = 256
	memoryFact      = 160 // about a file, with its path in the map
	memoryEntry     = 48  // of a directory
	memorySocket    = 48  // with an owner
	memoryProcess   = 256
	memoryDevice    = 256
	memoryStatistic = 48
	memoryAnswer    = 1024
)

// A limitError says which limit a capture exceeds.
type limitError struct {
	format string
	limit  int
}

func (e limitError) Error() string {
	return "the capture is too large: " + fmt.Sprintf(e.format, e.limit)
}

// Errors of a capture above the limits.
var (
	errMemory   = limitError{"opened, it would take more than %d MB of memory", 2 * maxMemory >> 20}
	errPacked   = limitError{"it has sections of more than %d MB", maxPacked >> 20}
	errFile     = limitError{"it has more than %d MB", maxFile >> 20}
	errChunk    = limitError{"it has more than %d MB of messages in a section", maxChunk >> 20}
	errMessages = limitError{"its messages are more than %d times what they take in the file", maxRatio}
	errManifest = limitError{"it has a manifest of more than %d MB", maxManifest >> 20}
)
