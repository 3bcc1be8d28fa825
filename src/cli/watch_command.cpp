#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "cli/choose_interface.hpp"
#include "cli/command_loop.hpp"
#include "cli/commands.hpp"
#include "cli/flag.hpp"
#include "cli/watch_show.hpp"
#include "net/link_monitor.hpp"
#include "net/live_capture.hpp"
#include "os/clock.hpp"
#include "os/privileges.hpp"

namespace querent::cli {

namespace {

struct Options {
  std::string interface;
  std::string read;
  std::string write;
  std::string duration;
  std::vector<std::string> groups;
  std::uint64_t count = 0;
  bool json = false;
  bool relative = false;
};

net::CaptureResult<std::unique_ptr<WatchShow>> open_show(const Options& options, int link_type,
                                                         const std::string& interface) {
  const std::string& from = options.read.empty() ? interface : options.read;
  const auto type = wire::link_type(link_type);
  if (!type) {
    return failure(
        net::CaptureError{"cannot read " + from,
                          "frames of link type " + std::to_string(link_type) + " are unknown"});
  }
  ShowOptions show{.interface = interface,
                   .json = options.json,
                   .relative = options.relative,
                   .silent = options.write == "-",
                   .count = options.count};
  for (const std::string& group : options.groups) {
    show.groups.push_back(Address::parse(group).value_or(Address{}));
  }
  std::optional<net::CaptureWriter> writer;
  if (!options.write.empty()) {
    auto opened = net::CaptureWriter::open(options.write, {.link_type = link_type});
    if (!opened) return failure(std::move(opened.error()));
    writer = std::move(*opened);
  }
  return std::make_unique<WatchShow>(std::move(show), *type, std::move(writer));
}

// `interface` is what is watched, if it is none of the files.
int complain_of(const net::CaptureError& error, const std::string& interface = {}) {
  switch (error.kind) {
    case net::CaptureError::Kind::kPermission:
      return complain(kPermission, error.what, std::string(os::advice(os::Capability::kNetRaw)));
    case net::CaptureError::Kind::kDown:
      return complain(kFailed, error.what, error.why,
                      "take it up: ip link set " + interface + " up");
    case net::CaptureError::Kind::kClosed:
      return kDone;
    case net::CaptureError::Kind::kOther:
      break;
  }
  return complain(kFailed, error.what, error.why);
}

void say(const std::string& text) {
  std::fputs((text + "\n").c_str(), stderr);
}

int watch_file(const Options& options) {
  auto reader = net::CaptureReader::open(options.read);
  if (!reader) return complain_of(reader.error());
  auto show = open_show(options, reader->link_type(), {});
  if (!show) return complain_of(show.error());
  while (true) {
    const auto frame = reader->next();
    if (frame && *frame) {
      const auto code = (*show)->show(**frame);
      if (!code) continue;
      (*show)->summarize(0);
      return *code;
    }
    (*show)->summarize(0);
    return frame ? kDone : complain_of(frame.error());
  }
}

// What is seen on an interface until it is enough.
class LiveWatch {
 public:
  LiveWatch(net::LiveCapture capture, net::LinkMonitor monitor, net::Interface interface)
      : capture_(std::move(capture)),
        monitor_(std::move(monitor)),
        interface_(std::move(interface)) {}

  int run(CommandLoop& loop, WatchShow& show, Instant end) {
    say("watching " + interface_.name);
    show.observe_as(probe::observer_of(interface_));
    auto watching = loop.watch(capture_.fd(), [&] { read_frames(show); });
    if (watching) watching = loop.watch(monitor_.fd(), [&] { read_links(show); });
    if (watching) {
      watching = loop.run([&] {
        if (code_ || os::now() >= end) return std::optional<Instant>();
        return std::optional(end);
      });
    }
    show.summarize(capture_.dropped());
    if (!watching) return complain(kFailed, what(), watching.error().to_string());
    return code_.value_or(kDone);
  }

 private:
  std::string what() const { return "cannot watch " + interface_.name; }

  // A turn each for a flood, signals and the end.
  void read_frames(WatchShow& show) {
    constexpr int kTurn = 64;
    for (int i = 0; i < kTurn && !code_; ++i) {
      const auto frame = capture_.next();
      if (!frame) {
        code_ = complain_of(frame.error(), interface_.name);
        return;
      }
      if (!*frame) return;
      code_ = show.show(**frame);
    }
  }

  void read_links(WatchShow& show) {
    const auto events = monitor_.read();
    if (!events) {
      code_ = complain(kFailed, what(), events.error().to_string());
      return;
    }
    for (const net::LinkEvent& event : *events) {
      if (event.interface.index != interface_.index) continue;
      if (event.kind == net::LinkEvent::Kind::kGone) {
        code_ = complain(kFailed, what(), "it is gone");
        return;
      }
      interface_ = event.interface;
      show.observe_as(probe::observer_of(interface_));
    }
  }

  net::LiveCapture capture_;
  net::LinkMonitor monitor_;
  net::Interface interface_;
  std::optional<int> code_;  // ends it
};

int watch_interface(const Options& options) {
  const std::string what = "cannot watch " + options.interface;
  // First of all: what happens to the interface from now on is not missed.
  auto monitor = net::LinkMonitor::open();
  if (!monitor) return complain(kFailed, what, monitor.error().to_string());
  auto interface = choose_interface(options.interface);
  if (!interface) return complain(kFailed, what, interface.error());
  auto loop = CommandLoop::open();
  if (!loop) return complain(kFailed, what, loop.error().to_string());
  static_cast<void>(os::raise(os::Capability::kNetRaw));
  auto capture = net::LiveCapture::open(interface->name);
  if (!capture) return complain_of(capture.error(), interface->name);
  auto show = open_show(options, capture->link_type(), interface->name);
  if (!show) return complain_of(show.error());
  const auto duration = parse_duration(options.duration);
  const Instant end = duration ? os::now() + *duration : kNever;
  LiveWatch watch(std::move(*capture), std::move(*monitor), std::move(*interface));
  return watch.run(*loop, **show, end);
}

// Also under another name; what is no file can be written while it is read.
bool is_written_while_read(const Options& options) {
  const std::string from = options.read == "-" ? "/dev/stdin" : options.read;
  const std::string to = options.write == "-" ? "/dev/stdout" : options.write;
  std::error_code error;
  return !from.empty() && std::filesystem::is_regular_file(from, error) &&
         std::filesystem::equivalent(from, to, error);
}

int watch(const Options& options) {
  if (is_written_while_read(options)) {
    return complain(kUsage, "--write",
                    in_quotes(options.write) + " is the file that --read " +
                        in_quotes(options.read) + " is to read",
                    "write to another one");
  }
  if (options.write == "-" && (options.json || options.relative)) {
    return complain(kUsage, "--write", "the capture file takes stdout, where lines would be",
                    "write it to a file");
  }
  if (!options.read.empty()) return watch_file(options);
  if (!options.interface.empty()) return watch_interface(options);
  return complain(kUsage, "watch", "nothing to watch was named", "say -i IF, or -r FILE");
}

std::string duration_fault(const std::string& text) {
  return parse_duration(text) ? "" : "a duration is 60, 60s, 500ms or 2m";
}

std::string group_fault(const std::string& text) {
  const auto group = Address::parse(text);
  const bool good = group && group->is_multicast();
  return good ? "" : "a group is one of 224.0.0.0 to 239.255.255.255, or of ff00::/8";
}

std::string count_fault(const std::string& text) {
  constexpr const char* kCountFault = "a count is from 1 to 18446744073709551615";
  return parse_number<std::uint64_t>(text).value_or(0) > 0 ? "" : kCountFault;
}

std::function<int()> declare(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  const auto interface = add_option(app, "-i,--interface", options->interface,
                                    "live, what this interface hears and sends")
                             .type_name("IF");
  const auto read = add_option(app, "-r,--read", options->read,
                               "what a capture file (pcap, pcapng) holds; -: stdin")
                        .type_name("FILE")
                        .excludes(interface);
  add_option(app, "-w,--write", options->write,
             "also writes the frames that are shown into a pcap file; -: to stdout, and no lines")
      .type_name("FILE");
  const auto json =
      add_flag(app, "--json", options->json, "one JSON object a line, with all that is known");
  add_option(app, "-g,--group", options->groups, "only messages that name this group (repeatable)")
      .type_name("ADDR")
      .check(group_fault);
  add_option(app, "-n,--count", options->count, "ends after so many messages")
      .type_name("N")
      .check(count_fault);
  add_option(app, "--duration", options->duration, "ends after this time")
      .type_name("D")
      .check(duration_fault)
      .excludes(read);
  add_flag(app, "--relative", options->relative, "seconds since the first message, not the time")
      .excludes(json);
  return [options] { return watch(*options); };
}

}  // namespace

Command watch_command() {
  return {.name = "watch",
          .summary = "shows IGMP and MLD messages in words, live or from a capture file",
          .examples =
              "  querent watch -i eth0\n"
              "  querent watch -i eth0 --group 239.1.2.3 --group ff15::1:2:3 --duration 2m\n"
              "  querent watch -r day.pcapng --json | jq 'select(.rejected)'\n"
              "  ssh box \"tcpdump -i eth0 -U -w - 'igmp or ip6[6] = 0'\" | querent watch -r -\n",
          .declare = declare};
}

}  // namespace querent::cli
