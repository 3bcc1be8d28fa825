#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "lab/namespace.hpp"
#include "lab/process.hpp"
#include "os/fd.hpp"
#include "querent/address.hpp"

// The program itself, watching one end of a cable:
//
//   here: eth0, 10.0.0.1, 02:00:00:00:00:01  ------  there: eth0, 10.0.0.2, 02:00:00:00:00:02
//
// The hosts have no IPv6 until a test gives it to one: from then on its kernel reports by itself.

namespace querent::cli::test {

inline constexpr std::chrono::seconds kPatience{20};
inline constexpr Address kLinkLocalThere = Address::v6(0xFE80000000000000, 2);

class Cable : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // `querent ARGUMENT...` in a namespace.
  static lab::Process start(const lab::Namespace& where, std::vector<std::string> arguments);
  // To its end; its exit code, stdout and stderr.
  struct Ran {
    int code = -1;
    std::string out;
    std::string err;
  };
  static Ran run(const lab::Namespace& where, std::vector<std::string> arguments);
  static Ran finish(lab::Process& process);

  // `querent watch -i eth0 ARGUMENT...` here, once it watches.
  lab::Process watch(std::vector<std::string> arguments = {});
  // `querent inject -i eth0 ARGUMENT...` there.
  Ran inject(std::vector<std::string> arguments);
  // Gives the host there IPv6, and fe80::2 as its only address; or none yet.
  void enable_ipv6(bool with_address = true);
  // A whole frame onto the cable, from there.
  void send_frame(const Bytes& frame);

  std::string file() const { return file_; }  // removed at the end

  std::unique_ptr<lab::Namespace> here_;
  std::unique_ptr<lab::Namespace> there_;

 private:
  std::string file_;
};

// Where querent is.
std::string program();

// Its lines without what stands before their first blank, the time.
std::vector<std::string> without_times(const std::string& text);

}  // namespace querent::cli::test
