package tables

import "netql/query/schema"

// bitWord is the name of a bit.
type bitWord[N ~uint8 | ~uint16 | ~uint32] struct {
	bit  N
	word schema.Word
}

// bitVocabulary are the words of bits, in their order.
func bitVocabulary[N ~uint8 | ~uint16 | ~uint32](bits []bitWord[N]) *schema.Vocabulary {
	words := make([]schema.Word, len(bits))
	for i, b := range bits {
		words[i] = b.word
	}
	return schema.NewVocabulary(words...)
}

// bitNames are the names of the bits that are set; NULL where none is.
func bitNames[N ~uint8 | ~uint16 | ~uint32](bits []bitWord[N], set N) any {
	var names []string
	for _, b := range bits {
		if set&b.bit != 0 {
			names = append(names, b.word.Name)
		}
	}
	return orNull(names, names != nil)
}
