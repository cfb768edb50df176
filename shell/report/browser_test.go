package report

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	_ "image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"netql/sources/lab"
)

var update = flag.Bool("update", false, "write the pictures that the tests compare with")

// browser is the name of a Chromium, which .ci/browser installs; the test is skipped without one.
func browser(t *testing.T) string {
	t.Helper()
	lab.Need(t) // with -short no program is run
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	lab.Cannot(t, "there is no chromium, so that nobody has seen the page (.ci/browser installs one)")
	return ""
}

// browse runs the browser over the made-up report, and gives the file that it writes.
func browse(t *testing.T, chromium, file string, flags ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	page, err := os.Create(filepath.Join(dir, "page.html"))
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	if err := madeUp(func(what string) string { return what }).Write(page); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
		"--force-device-scale-factor=1", "--user-data-dir=" + filepath.Join(dir, "profile")}, flags...)
	cmd := exec.Command(chromium, append(args, "file://"+page.Name())...)
	cmd.Dir = dir
	said, err := cmd.CombinedOutput()
	written, readErr := os.ReadFile(filepath.Join(dir, file))
	if err != nil || readErr != nil {
		t.Fatalf("%v, %v: %s", err, readErr, said)
	}
	return written
}

// block is the side of the squares that are compared, in pixels: a word or two. Fonts differ between machines, so that
// single pixels say nothing; where texts, tables and pictures are is the same.
const block = 40

// ink is how much of each block of a picture is not background: 0 for nothing, 9 for a third or more, a line of digits
// for each row of blocks.
func ink(picture image.Image) (lines []string) {
	b := picture.Bounds()
	for y := b.Min.Y; y+block <= b.Max.Y; y += block {
		var line strings.Builder
		for x := b.Min.X; x+block <= b.Max.X; x += block {
			n := 0
			for i := range block * block {
				if distance(picture.At(x+i%block, y+i/block), picture.At(0, 0)) > 0.15 {
					n++
				}
			}
			fmt.Fprint(&line, min(9, (n*27+block*block-1)/(block*block)))
		}
		lines = append(lines, line.String())
	}
	return lines
}

// brightness is that of a colour, from 0 to 1 (ITU-R BT.601).
func brightness(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	return (0.299*float64(r) + 0.587*float64(g) + 0.114*float64(b)) / 0xffff
}

func distance(a, b color.Color) float64 { return math.Abs(brightness(a) - brightness(b)) }

// TestBrowser looks at the page in light and dark, wide and narrow.
func TestBrowser(t *testing.T) {
	chromium := browser(t)
	for _, test := range []struct {
		name          string
		width, height int
		dark          bool
	}{{"light", 1280, 2600, false}, {"dark", 1280, 2600, true}, {"narrow", 500, 4000, false}} {
		t.Run(test.name, func(t *testing.T) {
			flags := []string{"--screenshot=page.png", fmt.Sprintf("--window-size=%d,%d", test.width, test.height)}
			if test.dark {
				flags = append(flags, "--blink-settings=preferredColorScheme=0")
			}
			picture, _, err := image.Decode(bytes.NewReader(browse(t, chromium, "page.png", flags...)))
			if err != nil {
				t.Fatal(err)
			}
			size := picture.Bounds()
			if size.Dx() != test.width || size.Dy() != test.height {
				t.Fatalf("the window is %v", size)
			}
			background := picture.At(0, 0)
			if (brightness(background) < 0.3) != test.dark {
				t.Errorf("the background has brightness %.2f", brightness(background))
			}
			for y := range size.Dy() {
				if picture.At(size.Dx()-1, y) != background {
					t.Fatalf("the page is wider than the window at line %d", y)
				}
			}
			compareInk(t, "testdata/"+test.name+".txt", ink(picture))
		})
	}
}

// compareInk compares a picture with the one that was looked at and found good. A quarter of the blocks that are not
// empty in both may differ much, as those at the ends of lines do in another font.
func compareInk(t *testing.T, file string, got []string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(want) != len(got) {
		t.Fatalf("%d rows of blocks, want %d", len(got), len(want))
	}
	drawn, differ := 0, 0
	for y := range want {
		for x := range min(len(want[y]), len(got[y])) {
			a, b := int(want[y][x]-'0'), int(got[y][x]-'0')
			if a == 0 && b == 0 {
				continue
			}
			drawn++
			if max(a, b)-min(a, b) > 2 {
				differ++
			}
		}
	}
	if drawn == 0 || differ*4 > drawn {
		t.Errorf("%d of %d blocks differ; look at the page, and run with -update if it is good:\n%s", differ, drawn,
			strings.Join(got, "\n"))
	}
}

// TestPrinted: the page prints, on as many sheets as it has text for.
func TestPrinted(t *testing.T) {
	chromium := browser(t)
	sheets := regexp.MustCompile(`/Type\s*/Page\b`).FindAll(browse(t, chromium, "page.pdf", "--print-to-pdf=page.pdf"),
		-1)
	if len(sheets) < 2 || len(sheets) > 6 {
		t.Errorf("it prints on %d sheets", len(sheets))
	}
}
