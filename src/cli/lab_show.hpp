#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/lab_picture.hpp"
#include "lab/lan.hpp"
#include "lab/process.hpp"
#include "net/frame_batch.hpp"
#include "net/packet_socket.hpp"
#include "net/udp_socket.hpp"
#include "os/sys_error.hpp"
#include "probe/stream.hpp"
#include "probe/stream_statistics.hpp"
#include "querent/address.hpp"
#include "querent/time.hpp"

namespace querent::cli {

// The LAN of `querent lab`, and who lives there.
struct LabNetwork {
  static constexpr int kSecond = 1;  // the lower address of the two querents
  static constexpr int kFirst = 2;
  static constexpr int kSender = 3;
  static constexpr int kReceiver = 4;

  Family family;
  lab::Lan lan;
  net::UdpSender sender;
  net::UdpReceiver receiver;
  net::PacketSocket ear;  // at the receiver: hears who asks

  // Hosts, one cheap switch that forgets after `expiry`, and a receiver that has joined.
  static os::SysResult<LabNetwork> create(Duration expiry, Family family);
  static net::UdpChannel channel(Family family);
};

// The play in four phases: told the time, it sends, listens and tells.
class LabShow {
 public:
  // What is to be told, in order.
  struct Audience {
    std::function<void(const LabSecond&)> second;
    std::function<void(int phase)> phase;
    std::function<void(const LabVerdict&)> verdict;
    std::function<void(const std::string& line)> querent_says;
  };

  // `program` is querent itself. `network` outlives the show.
  LabShow(LabNetwork& network, Duration expiry, std::string program, Audience audience);

  // No phases and no querent of its own: the stream alone goes on, and its seconds are told.
  void leave_alone() { is_left_alone_ = true; }

  // Something has arrived.
  void take_datagrams();
  void take_queries();

  // Does what is due and answers when to be called next; nothing: there is a fault. When all is
  // over the stream can go on, and its seconds are told.
  std::optional<Instant> turn(Instant now);

  // The last phase was judged, or one that failed.
  bool over() const { return over_; }
  // All four phases were shown, and each held.
  bool holds() const { return over_ && holds_; }
  // Why it could not go on; empty: it could.
  const std::string& fault() const { return fault_; }

 private:
  void send_due(Instant now);
  void end_second(Instant now);
  void judge(const LabSecond& second);
  void judge_death(const LabSecond& second);
  void judge_querier(const LabSecond& second, int host);
  void conclude(bool holds, const std::string& text);
  void enter(int phase);
  void start_querent(std::optional<lab::Process>& process, int host);
  void pass_on_words();
  std::vector<std::string> table();
  std::uint64_t lost() const;
  Duration query_interval() const { return expiry_ / 4; }

  LabNetwork& network_;
  Duration expiry_;
  std::string program_;
  Audience audience_;
  net::FrameBatch frames_;
  net::DatagramBatch datagrams_;
  std::optional<lab::Process> first_;
  std::optional<lab::Process> second_;
  std::size_t first_told_ = 0;  // of its log: octets
  std::size_t second_told_ = 0;

  std::optional<probe::Pace> pace_;
  std::optional<probe::StreamStatistics> statistics_;
  std::uint64_t number_ = 0;
  Instant next_second_{};
  std::uint64_t seconds_ = 0;
  unsigned sent_ = 0;  // this second
  unsigned received_ = 0;
  std::optional<Address> querier_;
  Instant querier_heard_{};

  bool is_left_alone_ = false;
  int phase_ = 0;                  // 0: not begun, or left alone
  std::uint64_t phase_began_ = 0;  // seconds
  std::uint64_t settled_ = 0;      // seconds since the phase's claim holds
  std::uint64_t lost_before_ = 0;  // when it began to hold
  bool was_alive_ = false;
  bool holds_ = true;
  bool over_ = false;
  std::string fault_;
};

}  // namespace querent::cli
