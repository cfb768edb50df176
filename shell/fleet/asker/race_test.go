//go:build race

package asker

// raceDetector says that the tests run under the race detector, which takes several times the memory and the time.
const raceDetector = true
