package stop

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

type numbered struct{ key, place int }

func byKey(a, b numbered) int { return cmp.Compare(a.key, b.key) }

func random(n, keys int) []numbered {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	list := make([]numbered, n)
	for i := range list {
		list[i] = numbered{r.IntN(keys), i}
	}
	return list
}

// TestSort: it sorts as the standard library's stable sort does.
func TestSort(t *testing.T) {
	for _, n := range []int{0, 1, 2, 15, 16, 17, 31, 32, 33, 100, 1000, 4097} {
		for _, keys := range []int{1, 3, 1 << 30} {
			got, want := random(n, keys), random(n, keys)
			slices.SortStableFunc(want, byKey)
			if !Sort(nil, got, byKey) || !slices.Equal(got, want) {
				t.Errorf("%d elements with %d keys: %v", n, keys, got)
			}
			if !Sort(&Flag{}, got, byKey) || !slices.Equal(got, want) {
				t.Errorf("%d sorted elements with %d keys: %v", n, keys, got)
			}
		}
	}
}

// TestSortStops: it ends within the comparisons of one run, wherever it is.
func TestSortStops(t *testing.T) {
	const n = 1 << 16
	for _, at := range []int{1, n, 8 * n} {
		flag, comparisons := &Flag{}, 0
		sorted := Sort(flag, random(n, n), func(a, b numbered) int {
			if comparisons++; comparisons == at {
				flag.set.Store(true)
			}
			return byKey(a, b)
		})
		if sorted || comparisons > at+runLength*runLength {
			t.Errorf("stopped at comparison %d: ended after %d, sorted %v", at, comparisons, sorted)
		}
	}
}

// TestFollow: a flag is set by the end of the context of its run, and by no other.
func TestFollow(t *testing.T) {
	flag := &Flag{}
	for range 1000 {
		ctx, cancel := context.WithCancel(t.Context())
		release := flag.SetWhenDone(ctx)
		if flag.Set() {
			t.Fatal("set before the context has ended")
		}
		cancel()
		release()
		if !flag.Set() {
			t.Fatal("not set after the context has ended")
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	release := flag.SetWhenDone(ctx)
	if !flag.Set() {
		t.Error("not set though the context has ended before")
	}
	release()
	flag.SetWhenDone(t.Context())()
	if flag.Set() || (*Flag)(nil).Set() {
		t.Error("set in a run that nobody stops")
	}
}

func BenchmarkSort(b *testing.B) {
	list := random(100_000, 1<<30)
	sorts := map[string]func([]numbered){
		"merge":    func(l []numbered) { Sort(&Flag{}, l, byKey) },
		"standard": func(l []numbered) { slices.SortFunc(l, byKey) },
	}
	for name, sort := range sorts {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				sort(slices.Clone(list))
			}
		})
	}
}
