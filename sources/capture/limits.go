package capture

import "fmt"

// Limits of what is read: whoever made the file must not decide how much memory and time it takes. Opening a capture
// and reading all its messages takes no more than 200 MB and 2 s beside what is in proportion to the size of the file.
const (
	maxManifest = 1 << 20
	maxPacked   = 32 << 20 // of one section
	maxFile     = 2 << 30  // of all sections
	// maxMemory is what all but messages may take in memory, which Go's garbage collector lets become twice as much:
	// the data of the sections, and what is counted below.
	maxMemory = 96 << 20
	maxChunk  = 4 << 20 // of one section of messages, which are unpacked one at a time
	// All messages may unpack to freeData and maxRatio times their size in the file. What the kernel says of 100,000
	// sockets packs to a twelfth; zeros, to a thousandth.
	freeData = 64 << 20
	maxRatio = 64
)

// What things take in memory, beside their texts, in bytes: in the file they are a few bytes, which pack to next to
// nothing.
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

// Errors of a capture that would go beyond.
var (
	errMemory = fmt.Errorf("the capture is too large: opened, it would take more than %d MB of memory",
		2*maxMemory>>20)
	errPacked   = fmt.Errorf("the capture is too large: it has sections of more than %d MB", maxPacked>>20)
	errFile     = fmt.Errorf("the capture is too large: it has more than %d MB", maxFile>>20)
	errChunk    = fmt.Errorf("the capture is too large: it has more than %d MB of messages in a section", maxChunk>>20)
	errMessages = fmt.Errorf("the capture is too large: its messages are more than %d times what they take in the file",
		maxRatio)
	errManifest = fmt.Errorf("the capture is too large: it has a manifest of more than %d MB", maxManifest>>20)
)
