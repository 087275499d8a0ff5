// Processes that compute together: a store of keys where they meet, and Gloo's collective operations between them.
#pragma once

#include "door/door.h"

// Gloo's headers come with libgloo-dev; CMake says whether they are there. Without them the functions report that.
#if HONE_HAS_GLOO

#ifndef USE_DISTRIBUTED
#define USE_DISTRIBUTED 1
#endif
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO 1
#endif

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <chrono>
#include <memory>
#include <vector>

namespace hone::door {

// Where the processes of a run meet; the server keeps the keys, the others reach it over TCP.
struct Store {
  c10::intrusive_ptr<c10d::TCPStore> tcp;
  c10::intrusive_ptr<c10d::Store> keys;  // the same, behind a prefix
};

struct Group {
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;
};

// An operation under way. Gloo adds and sends whole numbers and IEEE floats alone, so it may work on a stand-in.
struct Work {
  c10::intrusive_ptr<c10d::Work> work;
  at::Tensor target;    // the caller's tensor, where a stand-in's values go at the end; else undefined
  at::Tensor stand_in;  // what the operation works on
};

// Waits, at most for `limit`; false when the operation still goes on. Throws what it failed with.
bool wait_for(c10d::Work& work, std::chrono::milliseconds limit);

// Starts the sum over all ranks of a contiguous float32 or float64 tensor, in place.
c10::intrusive_ptr<c10d::Work> start_sum(Group& group, const at::Tensor& tensor);

}  // namespace hone::door

#endif
