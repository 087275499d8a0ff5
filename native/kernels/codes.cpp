// Numbers as codes of a table, in blocks that share a scale: QLoRA's 4-bit weights (arXiv:2305.14314) and the 8-bit
// states of optimizers (arXiv:2110.02861). And the product with a weight that is kept so.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <cmath>

#include "tensors.h"

namespace hone {
namespace {

using at::Tensor;

constexpr int64_t kBlocksAtOnce = 64;

int64_t blocks_of(int64_t count, int64_t block) { return (count + block - 1) / block; }

void check_table(const Tensor& values, const char* what) {
  TORCH_CHECK(values.scalar_type() == at::kFloat && values.dim() == 1 && values.is_contiguous() && values.numel() > 1 &&
                  values.numel() <= 256,
              "hone::", what, ": a table must be contiguous float32 of 2 to 256 values, got ", values.scalar_type(),
              " ", values.sizes());
}

/// The place of the nearest of rising values; of two that are as near the first.
inline int64_t nearest(float x, const float* values, int64_t count) {
  int64_t low = 0, high = count - 1;  // values[low] <= x <= values[high], where it lies between any
  while (high - low > 1) {
    const int64_t middle = (low + high) / 2;
    (values[middle] < x ? low : high) = middle;
  }

  return std::fabs(x - values[low]) <= std::fabs(x - values[high]) ? low : high;
}

std::tuple<Tensor, Tensor> quantise_composite(const Tensor& x, const Tensor& values, int64_t block) {
  const int64_t count = x.numel(), blocks = blocks_of(count, block);
  const Tensor flat =
      at::constant_pad_nd(x.detach().to(at::kFloat).reshape({-1}), {0, blocks * block - count}).view({blocks, block});
  const Tensor scales = flat.abs().amax(1);
  const Tensor scaled = at::where(scales.unsqueeze(1) > 0, flat / scales.unsqueeze(1), at::zeros_like(flat));
  const Tensor distances = (scaled.unsqueeze(-1) - values).abs();
  return {distances.argmin(-1).to(at::kByte).view(-1).narrow(0, 0, count), scales};
}

// Places in a table of rising values, one byte each, and the largest magnitude of each block.
std::tuple<Tensor, Tensor> quantise(const Tensor& x, const Tensor& values, int64_t block) {
  check_table(values, "quantise_blocks");
  TORCH_CHECK(block > 0, "hone::quantise_blocks: a block must have numbers, got ", block);
  if (!is_fused(x)) {
    return quantise_composite(x, values, block);
  }

  const Tensor flat = x.detach().to(at::kFloat).contiguous().view(-1);
  const int64_t count = flat.numel(), blocks = blocks_of(count, block);
  Tensor codes = at::empty({count}, flat.options().dtype(at::kByte)), scales = at::empty({blocks}, flat.options());
  at::parallel_for(0, blocks, kBlocksAtOnce, [&](int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; b++) {
      const int64_t first = b * block, last = std::min(count, first + block);
      float largest = 0;
      for (int64_t i = first; i < last; i++) {
        largest = std::max(largest, std::fabs(data<float>(flat)[i]));
      }

      data<float>(scales)[b] = largest;
      for (int64_t i = first; i < last; i++) {
        const float scaled = largest > 0 ? data<float>(flat)[i] / largest : 0;
        data<uint8_t>(codes)[i] = static_cast<uint8_t>(nearest(scaled, data<float>(values), values.numel()));
      }
    }
  });
  return {codes, scales};
}

Tensor dequantise_composite(const Tensor& codes, const Tensor& scales, const Tensor& table, int64_t block,
                            int64_t count) {
  Tensor places = codes.reshape({-1});
  if (table.numel() == 16) {
    // The first is in the upper half.
    places = at::stack({at::bitwise_right_shift(places, 4), at::bitwise_and(places, 15)}, 1).view(-1);
  }

  const Tensor values = table.index_select(0, places.narrow(0, 0, count).to(at::kLong));
  return values * scales.repeat_interleave(block).narrow(0, 0, count);
}

template <class T>
inline T rounded(float x);
template <>
inline float rounded(float x) {
  return x;
}
template <>
inline bfloat rounded(float x) {
  return {c10::BFloat16(x).x};
}

// scale · table[code]: codes are bytes, or, of a table of 16, two in a byte.
template <class T>
void dequantise_into(T* to, const Tensor& codes, const Tensor& scales, const Tensor& table, int64_t block,
                     int64_t count) {
  const bool halves = table.numel() == 16;
  const uint8_t* const from = data<uint8_t>(codes);
  at::parallel_for(0, blocks_of(count, block), kBlocksAtOnce, [&](int64_t begin, int64_t end) {
    T scaled[256];
    for (int64_t b = begin; b < end; b++) {
      const int64_t first = b * block, last = std::min(count, first + block);
      const float scale = data<float>(scales)[b];
      for (int64_t k = 0; k < table.numel(); k++) {
        scaled[k] = rounded<T>(data<float>(table)[k] * scale);
      }

      if (!halves) {
        for (int64_t i = first; i < last; i++) {
          to[i] = scaled[from[i]];
        }

        continue;
      }

      int64_t i = first;
      for (; i + 1 < last; i += 2) {
        const uint8_t pair = from[i / 2];
        to[i] = scaled[pair >> 4];
        to[i + 1] = scaled[pair & 15];
      }

      if (i < last) {
        to[i] = scaled[from[i / 2] >> 4];
      }
    }
  });
}

Tensor dequantise(const Tensor& codes, const Tensor& scales, const Tensor& table, int64_t block, at::IntArrayRef shape,
                  at::ScalarType type) {
  check_table(table, "dequantise_blocks");
  TORCH_CHECK(block > 0, "hone::dequantise_blocks: a block must have numbers, got ", block);
  const int64_t count = c10::multiply_integers(shape);
  const int64_t bytes = table.numel() == 16 ? (count + 1) / 2 : count;
  TORCH_CHECK(codes.scalar_type() == at::kByte && codes.numel() == bytes, "hone::dequantise_blocks: codes must be ",
              bytes, " bytes for ", shape, ", got ", codes.numel(), " of ", codes.scalar_type());
  TORCH_CHECK(table.numel() != 16 || block % 2 == 0,
              "hone::dequantise_blocks: a block of half bytes must be even, got ", block);
  TORCH_CHECK(scales.scalar_type() == at::kFloat && scales.numel() == blocks_of(count, block),
              "hone::dequantise_blocks: there must be a float32 scale for each of ", blocks_of(count, block),
              " blocks, got ", scales.numel(), " of ", scales.scalar_type());
  if (!codes.device().is_cpu() || (type != at::kFloat && type != at::kBFloat16)) {
    return dequantise_composite(codes, scales, table, block, count).to(type).view(shape);
  }

  Tensor to = at::empty(shape, scales.options().dtype(type));
  const Tensor from = codes.contiguous(), by = scales.contiguous();
  with_type_of(to, [&](auto t) { dequantise_into(data<decltype(t)>(to), from, by, table, block, count); });
  return to;
}

struct CodedLinear : torch::autograd::Function<CodedLinear> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& codes,
                        const Tensor& scales, const Tensor& table, int64_t block, int64_t rows) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({codes, scales, table});
    context->saved_data["block"] = block;
    context->saved_data["rows"] = rows;
    context->saved_data["columns"] = x.size(-1);
    return at::linear(x, dequantise(codes, scales, table, block, {rows, x.size(-1)}, x.scalar_type()));
  }

  // dx = dy · W, with W made once more: between the two passes only its codes are held.
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    at::NoGradGuard once;
    const auto saved = context->get_saved_variables();
    const int64_t rows = context->saved_data["rows"].toInt(), block = context->saved_data["block"].toInt();
    const int64_t columns = context->saved_data["columns"].toInt();
    const Tensor weight = dequantise(saved[0], saved[1], saved[2], block, {rows, columns}, gradients[0].scalar_type());
    return {gradients[0].matmul(weight), Tensor(), Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

Tensor coded_linear_composite(const Tensor& x, const Tensor& codes, const Tensor& scales, const Tensor& table,
                              int64_t block, int64_t rows) {
  return at::linear(x, dequantise(codes, scales, table, block, {rows, x.size(-1)}, x.scalar_type()));
}

// x · Wᵀ of a frozen weight [rows, columns] that is kept as codes.
Tensor coded_linear(const Tensor& x, const Tensor& codes, const Tensor& scales, const Tensor& table, int64_t block,
                    int64_t rows) {
  return needs_gradient(x) ? CodedLinear::apply(x, codes, scales, table, block, rows)
                           : coded_linear_composite(x, codes, scales, table, block, rows);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("quantise_blocks(Tensor x, Tensor values, int block) -> (Tensor, Tensor)");
  library.def("quantise_blocks.composite(Tensor x, Tensor values, int block) -> (Tensor, Tensor)");
  library.def(
      "dequantise_blocks(Tensor codes, Tensor scales, Tensor table, int block, int[] shape, ScalarType dtype) -> "
      "Tensor");
  library.def("coded_linear(Tensor x, Tensor codes, Tensor scales, Tensor table, int block, int rows) -> Tensor");
  library.def(
      "coded_linear.composite(Tensor x, Tensor codes, Tensor scales, Tensor table, int block, int rows) -> Tensor");
}

TORCH_LIBRARY_IMPL(hone, CompositeExplicitAutograd, library) {
  library.impl("quantise_blocks", quantise);
  library.impl("quantise_blocks.composite", quantise_composite);
  library.impl("dequantise_blocks", dequantise);
}

TORCH_LIBRARY_IMPL(hone, CompositeImplicitAutograd, library) {
  library.impl("coded_linear", coded_linear);
  library.impl("coded_linear.composite", coded_linear_composite);
}

}  // namespace hone
