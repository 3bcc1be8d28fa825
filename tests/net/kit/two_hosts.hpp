#pragma once

#include <optional>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "lab/namespace.hpp"
#include "querent/address.hpp"

namespace querent::test {

// Two hosts with a cable between them:
//
//   sender (10.9.0.1 and 10.9.0.2) eth0 ------ eth0 (10.9.0.3) receiver
class TwoHosts : public testing::Test {
 protected:
  static constexpr Address kFirst = Address::v4(10, 9, 0, 1);
  static constexpr Address kSecond = Address::v4(10, 9, 0, 2);
  static constexpr Address kReceiver = Address::v4(10, 9, 0, 3);

  void SetUp() override;

  lab::Namespace& sender() { return *sender_; }
  lab::Namespace& receiver() { return *receiver_; }
  int index_at_receiver() { return receiver_->links().index_of("eth0").value(); }

  // To 239.1.2.3, port 5004, from this address of the sender's.
  void send_from(Address source, const Bytes& payload);
  // Until both have an IPv6 address that can be used.
  void await_ipv6();

 private:
  std::optional<lab::Namespace> sender_;
  std::optional<lab::Namespace> receiver_;
};

}  // namespace querent::test
