package complete

import "netql/query/syntax"

// arguments completes the argument at the cursor: the one that follows the tokens, where these are the first of takes.
func (c *cursor) arguments(tokens []syntax.Token, takes []syntax.Argument) []Candidate {
	if len(takes) == 0 {
		return nil
	}
	first, rest := takes[0], takes[1:]
	switch first.Kind {
	case syntax.Keyword:
		return c.keyword(tokens, first, rest)
	case syntax.Count, syntax.Interval, syntax.Table:
		return c.single(tokens, first, rest)
	}
	if len(rest) == 0 {
		return c.last(tokens, first)
	}
	if end := separated(tokens, rest[0].Word); end >= 0 {
		return c.arguments(tokens[end:], rest)
	}
	candidates := c.last(tokens, first)
	if n := len(tokens); n > 0 && tokens[n-1].EndsValue() && depth(tokens) == 0 {
		candidates = append(candidates, offered(rest[0])...)
	}
	return candidates
}

// keyword completes a keyword, or what follows it.
func (c *cursor) keyword(tokens []syntax.Token, word syntax.Argument, rest []syntax.Argument) []Candidate {
	var candidates []Candidate
	if len(tokens) > 0 && isKeyword(tokens[0], word.Word) {
		return c.arguments(tokens[1:], rest)
	}
	if word.Optional {
		candidates = c.arguments(tokens, rest)
	}
	if len(tokens) == 0 {
		candidates = append(candidates, offered(word)...)
	}
	return candidates
}

// single completes an argument of one token, or what follows it.
func (c *cursor) single(tokens []syntax.Token, argument syntax.Argument, rest []syntax.Argument) []Candidate {
	if len(tokens) == 0 {
		candidates := c.last(nil, argument)
		if argument.Optional {
			candidates = append(candidates, c.arguments(nil, rest)...)
		}
		return candidates
	}
	if argument.Kind == syntax.Table {
		c.beside = tokens[0].Text
	}
	if !argument.Optional || !isKeyword(tokens[0], rest[0].Word) {
		tokens = tokens[1:]
	}
	return c.arguments(tokens, rest)
}

// last completes an argument at the end of the tokens, all of which belong to it.
func (c *cursor) last(tokens []syntax.Token, argument syntax.Argument) []Candidate {
	switch argument.Kind {
	case syntax.Condition:
		return c.condition(tokens, argument.Aggregates)
	case syntax.Items:
		return c.items(tokens, argument)
	case syntax.Columns:
		return c.names(tokens)
	case syntax.Keys:
		return c.keys(tokens)
	case syntax.Interval:
		return []Candidate{keyword("1s", "every second"), keyword("5s", "every five seconds")}
	case syntax.Table:
		return c.tables()
	case syntax.Matches:
		return c.matches(tokens)
	}
	return nil
}

// offered is the keyword as a candidate; none where it is not offered.
func offered(word syntax.Argument) []Candidate {
	if word.Doc == "" {
		return nil
	}
	return []Candidate{keyword(word.Word, word.Doc)}
}

func isKeyword(t syntax.Token, word string) bool { return t.IsWord(word) || t.Is(word) }

// items are the elements of select and the like.
func (c *cursor) items(tokens []syntax.Token, argument syntax.Argument) []Candidate {
	item := lastElement(tokens)
	named := len(item) >= 2 && item[1].Is("=")
	if named {
		item = item[2:]
	}
	candidates := c.expression(item, argument.Aggregates)
	if argument.Star && !named && len(item) == 0 {
		candidates = append(candidates, keyword("*", "all columns"))
	}
	return candidates
}

// names are columns without anything else.
func (c *cursor) names(tokens []syntax.Token) []Candidate {
	if len(lastElement(tokens)) > 0 {
		return nil
	}
	return c.columnNames()
}

// keys are the elements of sort and top.
func (c *cursor) keys(tokens []syntax.Token) []Candidate {
	key := lastElement(tokens)
	if len(key) > 0 && key[0].Is("-") {
		key = key[1:]
	}
	if n := len(key); n > 0 && key[n-1].EndsValue() && depth(key) == 0 {
		return []Candidate{keyword("desc", "the largest first"), keyword("asc", "the smallest first")}
	}
	return c.expression(key, false)
}

// lastElement are the tokens since the last comma that is in no bracket.
func lastElement(tokens []syntax.Token) []syntax.Token {
	level, start := 0, 0
	for i, t := range tokens {
		level += nesting(t)
		if level == 0 && t.Is(",") {
			start = i + 1
		}
	}
	return tokens[start:]
}

// separated finds the first token that is the word or operator, and is in no bracket.
func separated(tokens []syntax.Token, separator string) int {
	level := 0
	for i, t := range tokens {
		level += nesting(t)
		if level == 0 && isKeyword(t, separator) {
			return i
		}
	}
	return -1
}

// depth is in how many brackets the end of the tokens is.
func depth(tokens []syntax.Token) int {
	level := 0
	for _, t := range tokens {
		level += nesting(t)
	}
	return level
}
