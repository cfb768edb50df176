// Package report writes what a machine's network is like into one page of HTML, which a person forwards: what is wrong,
// what fills up, who talks to whom. The page holds all that it shows. It has no script, asks nothing of any server, and
// its Content-Security-Policy forbids both to whatever some process may have called itself.
package report
