#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/capture_file.hpp"
#include "probe/observation.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"
#include "wire/frame.hpp"

namespace querent::cli {

struct ShowOptions {
  std::string interface {};  // empty: from a file
  bool json = false;
  bool relative = false;          // times count from the first frame
  bool silent = false;            // no lines: stdout is the capture file
  std::vector<Address> groups{};  // only what names one of them; empty: everything
  std::uint64_t count = 0;        // messages; 0: all
};

// Shows frames, one after the other: as lines on stdout, and in a capture file.
class WatchShow {
 public:
  // Without a writer: no file.
  WatchShow(ShowOptions options, wire::LinkType type, std::optional<net::CaptureWriter> writer)
      : options_(std::move(options)), type_(type), writer_(std::move(writer)) {}

  // From now on frames are judged by this.
  void observe_as(const probe::Observer& observer) { observer_ = observer; }

  // The exit code, when this was the last frame that can or is to be shown; else nothing.
  std::optional<int> show(const net::CapturedFrame& frame);

  // To stderr, unless nobody listens any more: "12 messages shown, 2 of them wrong; ...".
  void summarize(std::uint64_t dropped) const;

 private:
  bool is_wanted(const probe::Observation& observation) const;
  std::string line(const net::CapturedFrame& frame, const probe::Observation& observation);

  ShowOptions options_;
  wire::LinkType type_;
  std::optional<net::CaptureWriter> writer_;
  probe::Observer observer_;
  std::optional<Duration> first_;
  std::uint64_t shown_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t others_ = 0;
  bool closed_ = false;
};

}  // namespace querent::cli
