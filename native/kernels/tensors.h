// What the fused operators share above the kernels: which tensors they take, and how they see their memory.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/version.h>

#include <algorithm>
#include <atomic>
#include <vector>

#include "kernels.h"

namespace hone {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
using OptionalTensor = std::optional<at::Tensor>;
#else
using OptionalTensor = c10::optional<at::Tensor>;
#endif

/// Whether there are kernels for this tensor; the composition of ATen operators serves all others.
inline bool is_fused(const at::Tensor& x) {
  return x.device().is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

/// Whether a call must be recorded for a backward pass.
template <class... Tensors>
bool needs_gradient(const Tensors&... tensors) {
  return at::GradMode::is_enabled() && (tensors.requires_grad() || ...);
}

inline const KernelSet& kernel_set() {
  switch (current_isa()) {
#if defined(__x86_64__)
    case Isa::ModelledAmx:
      return avx512_bf16::modelled_amx_kernels;
    case Isa::Amx:
      return avx512_bf16::amx_kernels;
    case Isa::Avx512Bf16:
      return avx512_bf16::kernels;
    case Isa::Avx512Vnni:
      return avx512_vnni::kernels;
    case Isa::Avx512:
      return avx512::kernels;
    case Isa::Avx2:
      return avx2::kernels;
#endif
    default:
      return portable::kernels;
  }
}

template <class T>
const Kernels<T>& kernels();
template <>
inline const Kernels<float>& kernels<float>() {
  return kernel_set().float32;
}
template <>
inline const Kernels<bfloat>& kernels<bfloat>() {
  return kernel_set().bfloat16;
}

/// Calls body(float{}) or body(bfloat{}), as the tensor's type is.
template <class Body>
auto with_type_of(const at::Tensor& x, const Body& body) {
  return x.scalar_type() == at::kFloat ? body(float{}) : body(bfloat{});
}

template <class T>
T* data(const at::Tensor& x) {
  return static_cast<T*>(x.data_ptr());
}

/// The tensor itself if its last dimension is dense, else a copy that is.
inline at::Tensor with_dense_rows(const at::Tensor& x) { return x.stride(-1) == 1 ? x : x.contiguous(); }

/// Calls body(item) for each item below count; whichever thread is free takes the next. The items must not share
/// results: then these do not depend on the number of threads.
template <class Body>
void for_each_item(int64_t count, const Body& body) {
  std::atomic<int64_t> next{0};
  at::parallel_for(0, std::min<int64_t>(count, at::get_num_threads()), 1, [&](int64_t, int64_t) {
    for (int64_t item = next++; item < count; item = next++) {
      body(item);
    }
  });
}

/// Scratch memory of one thread, kept between items.
inline float* scratch(int64_t count) {
  static thread_local std::vector<float> memory;
  if (memory.size() < static_cast<size_t>(count)) {
    memory.resize(count);
  }

  return memory.data();
}

}  // namespace hone
