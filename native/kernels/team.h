// Threads that take one step of the decoder together: they spin between its phases, and sleep when there is no step.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

namespace hone {

/// What one of them sees.
class Teammate {
 public:
  /// A stretch of the items of a phase.
  struct Stretch {
    int64_t first;
    int64_t count;
  };

  int index() const { return index_; }
  int size() const { return size_; }

  /// Waits for all others, so that what they wrote before can be read, and begins a phase of `items` items. Each
  /// teammate gets an equal share of them, side by side.
  void meet(int64_t items = 0);

  /// Takes items of the phase, at most `most`: the teammate's own ones in order, then what others have left. A count
  /// of 0: there are none any more.
  Stretch take(int64_t most);

  /// What will be read first in the next body: while they wait for it, all but the caller ask for it to be brought
  /// near. It is not read, so that it may be gone by then.
  void ask_later(const void* from, int64_t bytes);

 private:
  friend class Team;
  struct Shared;

  struct Memory {
    const char* from = nullptr;
    int64_t bytes = 0;
  };

  void share_out(int64_t items);
  Stretch take_from(int owner, int64_t most);

  Shared* shared_ = nullptr;
  int index_ = 0;
  int size_ = 1;
  int victim_ = 0;
  Memory later_;
};

/// Runs body(teammate) on as many threads as the caller's operators may use, the caller's included. Nothing that the
/// body computes may depend on how many there are, and it must not throw. A second caller, while one is at it, works
/// alone.
void run_team(void (*body)(void* context, Teammate& teammate), void* context);

template <class Body>
void run_team(const Body& body) {
  run_team([](void* context, Teammate& teammate) { (*static_cast<const Body*>(context))(teammate); },
           const_cast<Body*>(&body));
}

}  // namespace hone
