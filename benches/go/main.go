// A token by golang.org/x/oauth2/clientcredentials.
//
//	go             prints the Authorization header
//	go cached      takes a token that is in hand; for this and the next two see ../c/rounds.h
//	go exchanges   asks again and again, by a new connection each time
//	go herd        begins every round without a token
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

func main() {
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, client())
	config := clientcredentials.Config{
		ClientID:     os.Getenv("OAUTH_CLIENT_ID"),
		ClientSecret: os.Getenv("OAUTH_CLIENT_SECRET"),
		TokenURL:     os.Getenv("OAUTH_TOKEN_URL"),
		AuthStyle:    oauth2.AuthStyleInHeader,
	}
	// An oauth2.ReuseTokenSource around what asks the server.
	source := config.TokenSource(ctx)
	take := func() { token(source) }
	renew := func() { source = config.TokenSource(ctx) }
	mode := ""
	if len(os.Args) == 2 {
		mode = os.Args[1]
	}
	switch mode {
	case "":
		issued := token(source)
		fmt.Printf("Authorization: %s %s\n", issued.Type(), issued.AccessToken)
	case "cached":
		take()
		answerRounds(func() {}, take)
	case "exchanges":
		answerRounds(func() {}, func() { token(config.TokenSource(ctx)) })
	case "herd":
		answerRounds(renew, take)
	}
}

// By a new connection for each request, as the server wants it anyway.
func client() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	if path := os.Getenv("OAUTH_CA_FILE"); path != "" {
		certificate, err := os.ReadFile(path)
		check(err)
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(certificate)
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	return &http.Client{Transport: transport, Timeout: 30 * time.Second}
}

func token(source oauth2.TokenSource) *oauth2.Token {
	issued, err := source.Token()
	check(err)
	return issued
}

func answerRounds(prepare, call func()) {
	var threads, calls int
	for {
		if count, _ := fmt.Scan(&threads, &calls); count != 2 {
			return
		}
		prepare()
		fmt.Println(float64(timeThreads(threads, calls, call)) / float64(threads*calls))
	}
}

func timeThreads(threads, calls int, call func()) time.Duration {
	var ready, done sync.WaitGroup
	ready.Add(threads)
	done.Add(threads)
	gate := make(chan struct{})
	for i := 0; i < threads; i++ {
		go func() {
			defer done.Done()
			ready.Done()
			<-gate
			for i := 0; i < calls; i++ {
				call()
			}
		}()
	}
	ready.Wait()
	start := time.Now()
	close(gate)
	done.Wait()
	return time.Since(start)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
