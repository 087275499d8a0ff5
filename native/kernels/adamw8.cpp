// AdamW with moments in 8 bits (arXiv:2110.02861): codes of a table, in blocks of 256 that share a scale.
#include <torch/library.h>

#include <cstring>

#include "adamw.h"
#include "tensors.h"

namespace hone {
namespace {

using at::Tensor;

// Blocks a thread takes at once: some hundred KiB of parameter, gradient and codes.
constexpr int64_t kBlocksAtOnce = 128;

void put_bytes(const float (&from)[256], uint8_t (&to)[4][256]) {
  for (int i = 0; i < 256; i++) {
    uint8_t bytes[4];
    std::memcpy(bytes, &from[i], sizeof bytes);
    for (int k = 0; k < 4; k++) {
      to[k][i] = bytes[k];
    }
  }
}

/// As the kernels begin to look for the code of x.
int least_code(float x, const ByteTable& table) {
  const float magnitude = std::fabs(x);
  int piece = ByteTable::kPieces - 1;
  while (magnitude < table.borders[piece]) {
    piece--;
  }

  const int between = static_cast<int>(magnitude * table.slopes[piece] + table.offsets[piece]);
  return (x < 0 ? ~between : between) + table.zero;
}

/// Whether the pieces of a table lead to the midpoints below x, or to one less, around every midpoint. Between two
/// midpoints the number of those below does not change and that of the pieces does not fall.
bool leads(const ByteTable& table) {
  for (int i = 0; i < 255; i++) {
    for (const float x : {table.midpoints[i], std::nextafter(table.midpoints[i], 2.0f)}) {
      const int below = i + (x > table.midpoints[i]);
      const int least = least_code(x, table);
      if (least > below || least < below - 1) {
        return false;
      }
    }
  }

  return true;
}

ByteTable table_of(const Tensor& map) {
  TORCH_CHECK(map.scalar_type() == at::kFloat && map.numel() == 256 && map.is_contiguous(),
              "hone::adamw_8bit_: a table must be contiguous float32 [256], got ", map.scalar_type(), " ", map.sizes());
  ByteTable table;
  std::memcpy(table.values, map.data_ptr(), sizeof table.values);
  for (int i = 0; i < 255; i++) {
    table.midpoints[i] = (table.values[i] + table.values[i + 1]) / 2;
  }

  table.midpoints[255] = -INFINITY;
  put_bytes(table.values, table.value_bytes);
  put_bytes(table.midpoints, table.midpoint_bytes);

  // Decade i has 2ⁱ values of one sign, or 2ⁱ⁺¹ where there is but one. Value j of n lies at s(0.1 + 0.9(j + ½)/n), the
  // midpoints at half the way, and that between two decades beyond the border 's' of both.
  const bool is_signed = table.values[0] < 0;
  table.zero = is_signed ? 127 : 0;
  double n = is_signed ? 1 : 2, end = 1e-6, before = 0;
  for (int i = 0; i < ByteTable::kPieces - 1; i++, n *= 2, end *= 10) {
    table.borders[i] = static_cast<float>(i == 0 ? 0 : end / 10 * (1 + 0.9 / n));
    table.slopes[i] = static_cast<float>(n / (0.9 * end));
    table.offsets[i] = static_cast<float>(before - n / 9 + 1.0 / 16);
    before += n;
  }

  constexpr int kLast = ByteTable::kPieces - 1;
  table.borders[kLast] = static_cast<float>(1 - 0.9 / n);
  table.slopes[kLast] = 0;
  table.offsets[kLast] = static_cast<float>(before);
  table.borders[kLast + 1] = table.borders[kLast + 2] = INFINITY;
  TORCH_CHECK(leads(table), "hone::adamw_8bit_: a table must be one of dynamic tree quantisation, signed or not");
  return table;
}

void check(const Tensor& parameter, const Tensor& gradient, at::ArrayRef<const Tensor*> codes,
           at::ArrayRef<const Tensor*> scales) {
  const int64_t blocks = (parameter.numel() + kStateBlock - 1) / kStateBlock;
  TORCH_CHECK(parameter.scalar_type() == at::kFloat && parameter.is_contiguous(),
              "hone::adamw_8bit_: a parameter must be contiguous float32, got ", parameter.scalar_type(), " ",
              parameter.sizes());
  TORCH_CHECK(gradient.sizes() == parameter.sizes() &&
                  (gradient.scalar_type() == at::kFloat || gradient.scalar_type() == at::kBFloat16),
              "hone::adamw_8bit_: a gradient must be float32 or bfloat16 ", parameter.sizes(), ", got ",
              gradient.scalar_type(), " ", gradient.sizes());
  for (const Tensor* const x : codes) {
    TORCH_CHECK(x->scalar_type() == at::kByte && x->is_contiguous() && x->numel() == parameter.numel(),
                "hone::adamw_8bit_: codes must be ", parameter.numel(), " contiguous bytes, got ", x->scalar_type(),
                " ", x->sizes());
  }

  for (const Tensor* const x : scales) {
    TORCH_CHECK(x->scalar_type() == at::kFloat && x->is_contiguous() && x->numel() == blocks,
                "hone::adamw_8bit_: scales must be ", blocks, " contiguous float32, got ", x->scalar_type(), " ",
                x->sizes());
  }
}

void decode_into(Tensor& x, const Tensor& codes, const Tensor& scales, const Tensor& map) {
  const Tensor numbers = map.index_select(0, codes.view(-1).to(at::kLong));
  x = numbers * scales.repeat_interleave(kStateBlock).narrow(0, 0, codes.numel());
}

void encode_into(const Tensor& x, Tensor codes, Tensor scales, const Tensor& map) {
  const int64_t count = x.numel(), blocks = scales.numel();
  const Tensor flat = at::constant_pad_nd(x.view(-1), {0, blocks * kStateBlock - count}).view({blocks, kStateBlock});
  const Tensor largest = flat.abs().amax(1);
  const Tensor scaled = at::where(largest.unsqueeze(1) > 0, flat / largest.unsqueeze(1), flat);
  const Tensor midpoints = (map.narrow(0, 0, 255) + map.narrow(0, 1, 255)) / 2;
  codes.copy_(at::bucketize(scaled, midpoints).to(at::kByte).view(-1).narrow(0, 0, count).view(codes.sizes()));
  scales.copy_(largest);
}

void composite(at::TensorList parameters, at::TensorList gradients, at::TensorList first, at::TensorList first_scales,
               at::TensorList second, at::TensorList second_scales, const Tensor& signed_map,
               const Tensor& unsigned_map, double lr, double beta1, double beta2, double epsilon,
               at::ArrayRef<double> weight_decay, int64_t step, double gradient_scale) {
  at::NoGradGuard no_gradient;
  const AdamWStep constants = step_of(lr, beta1, beta2, epsilon, 0, step, gradient_scale);
  for (size_t i = 0; i < parameters.size(); i++) {
    check(parameters[i], gradients[i], {&first[i], &second[i]}, {&first_scales[i], &second_scales[i]});
    const Tensor g = gradients[i].to(at::kFloat).reshape({-1}) * gradient_scale;
    Tensor p = parameters[i].view(-1), m, v;
    decode_into(m, first[i], first_scales[i], signed_map);
    decode_into(v, second[i], second_scales[i], unsigned_map);
    m.mul_(beta1).add_(g, 1 - beta1);
    v.mul_(beta2).addcmul_(g, g, 1 - beta2);
    p.mul_(1 - lr * weight_decay[i]);
    p.addcdiv_(m, v.sqrt().div_(constants.root_correction).add_(epsilon), -constants.step_size);
    encode_into(m, first[i], first_scales[i], signed_map);
    encode_into(v, second[i], second_scales[i], unsigned_map);
  }
}

void adamw8(at::TensorList parameters, at::TensorList gradients, at::TensorList first, at::TensorList first_scales,
            at::TensorList second, at::TensorList second_scales, const Tensor& signed_map, const Tensor& unsigned_map,
            double lr, double beta1, double beta2, double epsilon, at::ArrayRef<double> weight_decay, int64_t step,
            double gradient_scale) {
  const size_t n = parameters.size();
  TORCH_CHECK(gradients.size() == n && first.size() == n && first_scales.size() == n && second.size() == n &&
                  second_scales.size() == n && weight_decay.size() == n && step > 0,
              "hone::adamw_8bit_: every list must have one entry for each of ", n,
              " parameters, and step count from 1, got ", step);
  struct Stretch {
    size_t tensor;
    int64_t block;
    int64_t blocks;
  };
  std::vector<Stretch> stretches;
  std::vector<Tensor> dense;
  for (size_t i = 0; i < n; i++) {
    check(parameters[i], gradients[i], {&first[i], &second[i]}, {&first_scales[i], &second_scales[i]});
    dense.push_back(gradients[i].contiguous());
    for (int64_t block = 0; block < first_scales[i].numel(); block += kBlocksAtOnce) {
      stretches.push_back({i, block, std::min(kBlocksAtOnce, first_scales[i].numel() - block)});
    }
  }

  const ByteTable signed_table = table_of(signed_map), unsigned_table = table_of(unsigned_map);
  for_each_item(static_cast<int64_t>(stretches.size()), [&](int64_t item) {
    const auto [i, start, count] = stretches[item];
    const AdamWStep constants = step_of(lr, beta1, beta2, epsilon, weight_decay[i], step, gradient_scale);
    with_type_of(dense[i], [&, i = i, start = start, count = count](auto type) {
      using T = decltype(type);
      for (int64_t block = start; block < start + count; block++) {
        const int64_t at = block * kStateBlock, numbers = std::min(kStateBlock, parameters[i].numel() - at);
        kernels<T>().adamw8(data<float>(parameters[i]) + at, data<T>(dense[i]) + at, data<uint8_t>(first[i]) + at,
                            data<float>(first_scales[i]) + block, data<uint8_t>(second[i]) + at,
                            data<float>(second_scales[i]) + block, numbers, constants, signed_table, unsigned_table);
      }
    });
  });
  for (const Tensor& x : parameters) {
    if (!x.is_inference()) {
      x.unsafeGetTensorImpl()->bump_version();
    }
  }
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  for (const char* const name : {"adamw_8bit_", "adamw_8bit_.composite"}) {
    const std::string schema =
        std::string(name) +
        "(Tensor(a!)[] parameters, Tensor[] gradients, Tensor(b!)[] first_codes, Tensor(c!)[] first_scales, "
        "Tensor(d!)[] second_codes, Tensor(e!)[] second_scales, Tensor signed_map, Tensor unsigned_map, float lr, "
        "float beta1, float beta2, float epsilon, float[] weight_decay, int step, float gradient_scale=1.) -> ()";
    library.def(schema.c_str());
  }
}

TORCH_LIBRARY_IMPL(hone, CompositeExplicitAutograd, library) {
  library.impl("adamw_8bit_", composite);
  library.impl("adamw_8bit_.composite", composite);
}

TORCH_LIBRARY_IMPL(hone, CPU, library) { library.impl("adamw_8bit_", adamw8); }

}  // namespace hone
