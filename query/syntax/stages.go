package syntax

import (
	"maps"
	"slices"
	"strings"
)

// stageWords are the words that start a stage, and the stage they mean.
var stageWords = map[string]string{
	"where": "where", "filter": "where",
	"select": "select", "project": "select",
	"extend": "extend",
	"drop":   "drop",
	"sort":   "sort", "order": "sort",
	"limit": "limit", "take": "limit", "head": "limit",
	"top":   "top",
	"group": "group",
	"stats": "stats", "summarize": "stats",
	"count":    "count",
	"distinct": "distinct", "uniq": "distinct",
	"join":   "join",
	"bars":   "bars",
	"follow": "follow",
	"watch":  "watch",
}

// IsStage says whether the word starts a stage, in any case.
func IsStage(word string) bool {
	_, known := stageWords[strings.ToLower(word)]
	return known
}

// StageNamed is the stage that a word starts, in any case, by its first name: where for filter.
func StageNamed(word string) (string, bool) {
	name, known := stageWords[strings.ToLower(word)]
	return name, known
}

// StageNames are all words that start a stage, sorted.
func StageNames() []string { return slices.Sorted(maps.Keys(stageWords)) }

// stage reads one stage, from its word to the next | or the end.
func (p *parser) stage() (Stage, *Error) {
	start := p.peek(0)
	if start.Kind != Name {
		return nil, p.missing("a stage", "where, select, sort, limit, count, group; all: "+strings.Join(StageNames(), ", "))
	}
	name, known := stageWords[strings.ToLower(start.Text)]
	if !known {
		return nil, p.unknownStage()
	}
	p.at++
	stage, err := stageParsers[name](p, start)
	if err != nil {
		return nil, err
	}
	if t := p.peek(0); !p.done() && !t.Is("|") {
		return nil, Errorf(t.Range, "unexpected %s after %s", t.Text, name).WithHint("the next stage needs a | before it")
	}
	return stage, nil
}

func (p *parser) unknownStage() *Error {
	t := p.peek(0)
	e := Errorf(t.Range, "unknown stage %q", t.Text)
	if next := p.peek(1); t.Keyword() == "not" || next.isBinary() && !next.Is("|") {
		return e.WithHint("did you mean: where %s", Expression{slices.Clone(p.rest())})
	}
	if near := Nearest(t.Text, StageNames()); near != "" {
		return e.WithHint("did you mean %q?", near)
	}
	return e.WithHint("stages: %s", strings.Join(StageNames(), ", "))
}

// stageParsers read what follows the stage's word; start is that word.
var stageParsers = map[string]func(p *parser, start Token) (Stage, *Error){
	"where": func(p *parser, start Token) (Stage, *Error) {
		condition, err := p.condition()
		return &Where{p.since(start), condition}, err
	},
	"select": func(p *parser, start Token) (Stage, *Error) {
		items, err := p.items(true)
		return &Select{p.since(start), items}, err
	},
	"extend": func(p *parser, start Token) (Stage, *Error) {
		items, err := p.items(false)
		return &Extend{p.since(start), items}, err
	},
	"drop": func(p *parser, start Token) (Stage, *Error) {
		columns, err := p.columns()
		return &Drop{p.since(start), columns}, err
	},
	"sort": func(p *parser, start Token) (Stage, *Error) {
		if by := p.skipWord("by"); !by && start.IsWord("order") {
			return nil, p.missing("by", "order by rtt")
		}
		keys, err := p.keys(false)
		return &Sort{p.since(start), keys}, err
	},
	"limit": func(p *parser, start Token) (Stage, *Error) {
		n, err := p.number()
		return &Limit{p.since(start), n}, err
	},
	"top": func(p *parser, start Token) (Stage, *Error) {
		n, err := p.number()
		if err != nil {
			return nil, err
		}
		if !p.skipWord("by") {
			return nil, p.missing("by", "top 10 by rtt")
		}
		keys, err := p.keys(true)
		return &Top{p.since(start), n, keys}, err
	},
	"join":   (*parser).join,
	"watch":  (*parser).watch,
	"follow": (*parser).follow,
	"bars": func(p *parser, start Token) (Stage, *Error) {
		return &Bars{p.since(start)}, nil
	},
	"group": (*parser).group,
	"stats": (*parser).stats,
	"count": func(p *parser, start Token) (Stage, *Error) {
		if !p.skipWord("by") {
			return &Count{Range: p.since(start)}, nil
		}
		by, err := p.items(false)
		return &Count{p.since(start), by}, err
	},
	"distinct": func(p *parser, start Token) (Stage, *Error) {
		if p.done() || p.peek(0).Is("|") {
			return &Distinct{Range: p.since(start)}, nil
		}
		items, err := p.items(false)
		return &Distinct{p.since(start), items}, err
	},
}

// group reads: group [by] keys [: aggregates].
func (p *parser) group(start Token) (Stage, *Error) {
	p.skipWord("by")
	missing := p.missing("what to group by", "group by process: count()")
	tokens := p.rest()
	if colon := topColon(tokens); colon >= 0 {
		by, err := p.itemsIn(tokens[:colon], missing, false)
		if err != nil {
			return nil, err
		}
		items, err := p.itemsIn(tokens[colon+1:], p.missing("an aggregate", "count(), sum(bytes_sent), p95(rtt)"), false)
		return &Group{p.since(start), by, items}, err
	}
	by, err := p.itemsIn(tokens, missing, false)
	return &Group{p.since(start), by, nil}, err
}

// stats reads: stats aggregates [by keys].
func (p *parser) stats(start Token) (Stage, *Error) {
	missing := p.missing("an aggregate", "count(), sum(bytes_sent), p95(rtt)")
	tokens := p.rest()
	split := topWord(tokens, "by")
	if split < 0 {
		items, err := p.itemsIn(tokens, missing, false)
		return &Group{p.since(start), nil, items}, err
	}
	items, err := p.itemsIn(tokens[:split], missing, false)
	if err != nil {
		return nil, err
	}
	by, err := p.itemsIn(tokens[split+1:], p.missing("what to group by", "group by process: count()"), false)
	return &Group{p.since(start), by, items}, err
}

// topColon finds the colon that is in no bracket and belongs to no a ? b : c.
func topColon(tokens []Token) int {
	depth, questions := 0, 0
	for i, t := range tokens {
		depth += nesting(t)
		switch {
		case depth == 0 && t.Is("?"):
			questions++
		case depth == 0 && t.Is(":") && questions > 0:
			questions--
		case depth == 0 && t.Is(":"):
			return i
		}
	}
	return -1
}

// topWord finds a word that is in no bracket.
func topWord(tokens []Token, word string) int {
	depth := 0
	for i, t := range tokens {
		depth += nesting(t)
		if depth == 0 && t.IsWord(word) {
			return i
		}
	}
	return -1
}

// since is the range from the token to the last one read.
func (p *parser) since(start Token) Range {
	return start.Range.Join(p.tokens[p.at-1].Range)
}

func (p *parser) skipWord(word string) bool {
	if p.peek(0).IsWord(word) {
		p.at++
		return true
	}
	return false
}

func (p *parser) number() (int, *Error) {
	t := p.peek(0)
	n, ok := t.Value.(int)
	if t.Kind != Number || !ok {
		return 0, p.missing("a whole number of rows", "limit 10")
	}
	p.at++
	return n, nil
}
