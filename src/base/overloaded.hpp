#pragma once

namespace querent {

// A visitor made of one lambda for each alternative of a variant:
//
//   std::visit(Overloaded{[](const Query& query) { ... }, [](const Report& report) { ... }},
//   message)
//
// An alternative that none of them takes does not compile.
template <class... Lambdas>
struct Overloaded : Lambdas... {
  using Lambdas::operator()...;
};

// clang 14 does not find this by itself.
template <class... Lambdas>
Overloaded(Lambdas...) -> Overloaded<Lambdas...>;

}  // namespace querent
