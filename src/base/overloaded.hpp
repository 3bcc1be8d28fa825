#pragma once

namespace querent {

// A visitor made of one lambda for each alternative of a variant:
//
//   std::visit(overloaded{[](const Query& query) { ... }, [](const Report& report) { ... }},
//   message)
//
// An alternative that none of them takes does not compile.
template <class... Lambdas>
struct overloaded : Lambdas... {
  using Lambdas::operator()...;
};

}  // namespace querent
