// Simulated phone callers for "bin/bench conversation": the transport of their sound, with exact times and nothing else.
//
// It sends Opus packets made beforehand, each at the moment when its last sample would have been captured, and reports every packet of the
// agent at its arrival, without a jitter buffer. What is said, and when, is decided by who starts it; nothing here decodes sound.
//
//	caller FILE      FILE: {"floor": [packet, ...], "utterances": [[packet, ...], ...]}, packets of 20 ms, base64
//
// Commands come on stdin, events go to stdout, one JSON object a line. Times are nanoseconds of CLOCK_MONOTONIC. It ends with stdin.
//
//	{"do": "join", "call": C, "url": U, "token": T}    -> {"event": "joined", "call": C}
//	{"do": "say", "call": C, "utterance": N}           -> {"event": "began", "call": C, "at": A, "utterance": N}: sample 0 is captured at A
//	{"do": "leave", "call": C}                         -> {"event": "left", "call": C, "late": L}: the latest that a packet was sent, in ns
//
// Besides: {"event": "agent", "call": C} when there is a track of the agent, {"event": "packet", "call": C, "at": A, "number": S, "data": packet}, {"event": "gone", "call": C} when the room was closed,
// and {"event": "error", "call": C, "text": why}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/livekit/protocol/livekit"
	"github.com/livekit/protocol/logger"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
	"golang.org/x/sys/unix"
)

const packetTime = 20 * time.Millisecond

type sound struct {
	Floor      [][]byte   `json:"floor"`
	Utterances [][][]byte `json:"utterances"`
}

type command struct {
	Do        string `json:"do"`
	Call      string `json:"call"`
	URL       string `json:"url"`
	Token     string `json:"token"`
	Utterance int    `json:"utterance"`
}

type event struct {
	Event     string `json:"event"`
	Call      string `json:"call"`
	At        int64  `json:"at,omitempty"`
	Utterance *int   `json:"utterance,omitempty"`
	Number    uint16 `json:"number,omitempty"`
	Data      []byte `json:"data,omitempty"`
	Late      int64  `json:"late,omitempty"`
	Text      string `json:"text,omitempty"`
}

// call is one caller in its room.
type call struct {
	name  string
	sound *sound
	out   chan<- event
	room  *lksdk.Room
	say   chan int
	stop  chan struct{}
	ended sync.WaitGroup
	late  int64
	// done when it has joined, or could not
	joining sync.WaitGroup
}

func main() {
	if len(os.Args) != 2 {
		fail("usage: caller FILE (see the top of main.go)")
	}
	var prepared sound
	if file, err := os.ReadFile(os.Args[1]); err != nil {
		fail(err.Error())
	} else if err := json.Unmarshal(file, &prepared); err != nil {
		fail(os.Args[1] + ": " + err.Error())
	}
	if len(prepared.Floor) == 0 {
		fail(os.Args[1] + ": no floor")
	}
	logger.InitFromConfig(&logger.Config{Level: "error"}, "caller")
	lksdk.SetLogger(logger.GetLogger())

	out := make(chan event, 10_000)
	var written sync.WaitGroup
	written.Go(func() { write(out) })
	obey(&prepared, out)
	close(out)
	written.Wait()
}

// obey follows the commands until stdin ends, then makes every caller leave.
func obey(prepared *sound, out chan<- event) {
	calls := map[string]*call{}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var wanted command
		if err := json.Unmarshal(lines.Bytes(), &wanted); err != nil {
			fail("not a command: " + err.Error())
		}
		one := calls[wanted.Call]
		switch wanted.Do {
		case "join":
			one = &call{name: wanted.Call, sound: prepared, out: out, say: make(chan int, 1), stop: make(chan struct{})}
			calls[wanted.Call] = one
			one.joining.Go(func() {
				if err := one.join(wanted.URL, wanted.Token); err != nil {
					out <- event{Event: "error", Call: wanted.Call, Text: err.Error()}
					return
				}
				out <- event{Event: "joined", Call: wanted.Call}
			})
		case "say":
			if one == nil || wanted.Utterance < 0 || wanted.Utterance >= len(prepared.Utterances) {
				fail(fmt.Sprintf("no call %s or no utterance %d", wanted.Call, wanted.Utterance))
			}
			one.say <- wanted.Utterance
		case "leave":
			if one != nil {
				delete(calls, wanted.Call)
				one.leave()
				out <- event{Event: "left", Call: wanted.Call, Late: one.late}
			}
		default:
			fail("no command " + wanted.Do)
		}
	}
	for _, one := range calls {
		one.leave()
	}
}

func write(out <-chan event) {
	to := bufio.NewWriter(os.Stdout)
	lines := json.NewEncoder(to)
	for one := range out {
		if lines.Encode(one) != nil {
			os.Exit(0) // nobody reads any more
		}
		if len(out) == 0 {
			_ = to.Flush()
		}
	}
	_ = to.Flush()
}

func (c *call) join(url, token string) error {
	callback := lksdk.NewRoomCallback()
	callback.OnTrackSubscribed = func(track *webrtc.TrackRemote, _ *lksdk.RemoteTrackPublication, _ *lksdk.RemoteParticipant) {
		if track.Kind() == webrtc.RTPCodecTypeAudio {
			c.out <- event{Event: "agent", Call: c.name}
			c.ended.Go(func() { c.receive(track) })
		}
	}
	callback.OnDisconnectedWithReason = func(lksdk.DisconnectionReason) {
		select {
		case <-c.stop:
		default:
			c.out <- event{Event: "gone", Call: c.name}
		}
	}
	room, err := lksdk.ConnectToRoomWithToken(url, token, callback)
	if err != nil {
		return err
	}
	c.room = room
	track, err := lksdk.NewLocalTrack(webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: 48_000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1"})
	if err != nil {
		return err
	}
	options := lksdk.TrackPublicationOptions{Name: "microphone", Source: livekit.TrackSource_MICROPHONE}
	if _, err = room.LocalParticipant.PublishTrack(track, &options); err != nil {
		return err
	}
	c.ended.Go(func() { c.send(track) })
	return nil
}

func (c *call) leave() {
	c.joining.Wait()
	close(c.stop)
	if c.room != nil {
		c.room.Disconnect()
	}
	c.ended.Wait()
}

func (c *call) receive(track *webrtc.TrackRemote) {
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		at := now()
		if len(packet.Payload) > 0 {
			c.out <- event{Event: "packet", Call: c.name, At: at, Number: packet.SequenceNumber, Data: packet.Payload}
		}
	}
}

// send keeps one packet after the other on its way: the utterance that is to be said, else the noise of the line.
func (c *call) send(track *lksdk.LocalTrack) {
	var speech [][]byte
	floor, next := 0, now()+int64(packetTime)
	for {
		if speech == nil {
			select {
			case utterance := <-c.say:
				speech = c.sound.Utterances[utterance]
				c.out <- event{Event: "began", Call: c.name, At: next - int64(packetTime), Utterance: &utterance}
			default:
			}
		}
		select {
		case <-c.stop:
			return
		case <-time.After(time.Duration(next - now())):
		}
		var packet []byte
		if len(speech) > 0 {
			packet, speech = speech[0], speech[1:]
		} else {
			packet, floor = c.sound.Floor[floor%len(c.sound.Floor)], floor+1
		}
		if len(speech) == 0 {
			speech = nil
		}
		c.late = max(c.late, now()-next)
		_ = track.WriteSample(media.Sample{Data: packet, Duration: packetTime}, nil)
		next += int64(packetTime)
	}
}

func now() int64 {
	var time unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &time)
	return time.Nano()
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(2)
}
