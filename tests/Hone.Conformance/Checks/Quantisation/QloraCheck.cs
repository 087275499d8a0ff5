using Hone.Conformance.Checking;
using Hone.Conformance.Checks.Adapters;
using Hone.Conformance.Goldens;
using Hone.Models;
using Hone.Models.Adapters;
using Hone.Models.Checkpoints;
using Hone.Models.Quantisation;
using Hone.Torch;

namespace Hone.Conformance.Checks.Quantisation;

/// <summary>Adapters on a base in 4 bits: what its codes stand for, logits, gradients, six updates; and the checkpoint
/// of such a base.</summary>
/// <remarks>
/// Departure, on purpose: of doubly quantised scales the reference's library takes a neighbour of the nearest code for
/// about 0.2 % on this kind of machine, here the nearest is taken (logits of the recorded base then differ by up to
/// 6.8e-4). So the codes of such a base are read from the recorded checkpoint, its own or that of a case of the same
/// base and settings; where there is none, the tolerances are a hundred times as wide.
/// </remarks>
public sealed class QloraCheck : ICheck
{
    private const string Dequantised = "dequantised.";

    public string Area => "quantisation";

    public IReadOnlyList<string> Kinds => ["qlora"];

    public void Run(GoldenCase golden, Findings findings)
    {
        using var scope = TensorScope.Open();
        using var expected = SafetensorsFile.Open(golden.Beside("expected.safetensors"));
        var options = Options(golden.Record["quantisation"]);
        var recorded = options.Doubled ? RecordedBase(golden) : null;
        var tolerance = new Tolerances(golden.Record["tolerance"], options.Doubled && recorded is null ? 100 : 1);
        var (model, adapter) = AdaptedModel.Load(golden, golden.Beside("."), options, recorded);
        using var owned = model;
        findings.SameList(
            "quantised modules",
            [.. golden.Record["quantised_modules"].Items.Select(module => $"{module.Text}.weight").Order(
                StringComparer.Ordinal)],
            [.. model.Decoder.CodedWeights.Keys.Order(StringComparer.Ordinal)]);
        CompareWeights(findings, expected, name => model.Decoder.CodedWeights[name].Dequantise(), tolerance);
        CompareCheckpoint(golden, findings, expected, tolerance);

        var logits = new Tolerance(0, tolerance["logits_abs"]);
        model.CompareLogits(findings, "logits", expected.Load("logits"), logits);
        model.Decoder.Adapters.Activate([]);
        model.CompareLogits(findings, "logits of the base", expected.Load("logits_base"), logits);
        model.Decoder.Adapters.Activate(golden.Beside("."));
        CompareTraining(golden, findings, model, adapter, expected, tolerance);
    }

    private static FourBitOptions Options(Field settings) => new(
        settings["bnb_4bit_quant_type"].Text == "nf4" ? CodeTable.Nf4 : CodeTable.Fp4,
        settings["bnb_4bit_use_double_quant"].Flag,
        (int)settings["blocksize"].Whole);

    private static void CompareWeights(
        Findings findings, SafetensorsFile expected, Func<string, Tensor> weight, Tolerances tolerance)
    {
        foreach (var name in expected.Header.Entries.Select(entry => entry.Name).Where(
            name => name.StartsWith(Dequantised, StringComparison.Ordinal)))
        {
            findings.Close(
                name, expected.Load(name).ToArray<double>(),
                weight($"{name[Dequantised.Length..]}.weight").ToArray<double>(),
                new Tolerance(tolerance["dequantised_rel"], 0, OfLargest: true));
        }
    }

    // Read as it is, codes and all; read as plain weights; and as the base of the same logits.
    private static void CompareCheckpoint(
        GoldenCase golden, Findings findings, SafetensorsFile expected, Tolerances tolerance)
    {
        var folder = golden.Beside("checkpoint");
        if (!Directory.Exists(folder))
        {
            return;
        }

        using var coded = ModelFolder.Load(folder, [], fourBits: Options(golden.Record["quantisation"]));
        CompareWeights(findings, expected, name => coded.Decoder.CodedWeights[name].Dequantise(), tolerance);
        using var plain = ModelFolder.Load(folder);
        CompareWeights(findings, expected, name => plain.Decoder.Parameters[name], tolerance);
        using var model = AdaptedModel.Load(golden);
        var logits = new Tolerance(0, tolerance["logits_abs"]);
        model.CompareLogits(
            coded.Decoder, findings, "logits of the coded checkpoint", expected.Load("logits_base"), logits);
        model.CompareLogits(
            plain.Decoder, findings, "logits of the plain checkpoint", expected.Load("logits_base"), logits);
    }

    private static void CompareTraining(
        GoldenCase golden, Findings findings, AdaptedModel model, Adapter adapter, SafetensorsFile expected,
        Tolerances tolerance)
    {
        var losses = new Tolerance(0, tolerance["losses_abs"]);
        adapter.SetTrainable(true);
        findings.Close(golden.Expected["loss"], model.Accumulate(adapter, 0), losses);
        Compare("grad.", name => adapter.Parameters.GetValueOrDefault(name)?.Grad, tolerance["grads_abs"]);
        AdaptedModel.Forget(adapter);

        var rule = AdaptedModel.RuleOf(golden.Record["optimizer"]);
        foreach (var (step, loss) in golden.Expected["train_losses"].Items.Index())
        {
            findings.Close(loss, model.Accumulate(adapter, step), losses);
            findings.Close(golden.Expected["train_grad_norms"].Items[step], model.Step(adapter, rule),
                new Tolerance(1e-4 * tolerance.Factor));
        }

        Compare("final.", adapter.Parameters.GetValueOrDefault, tolerance["final_abs"]);

        void Compare(string prefix, Func<string, Tensor?> got, double absolute)
        {
            foreach (var name in expected.Header.Entries.Select(entry => entry.Name).Where(
                name => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                if ((got(name[prefix.Length..]) ?? got(FileName(name[prefix.Length..]))) is { } tensor)
                {
                    findings.Close(name, expected.Load(name).ToArray<double>(), tensor.ToArray<double>(),
                        new Tolerance(0, absolute));
                }
                else
                {
                    findings.Fail(name, "the product trains no such tensor");
                }
            }
        }
    }

    // Magnitudes have a suffix in the reference's model that they lack in its files.
    private static string FileName(string name) =>
        name.EndsWith("_vector.weight", StringComparison.Ordinal) ? name[..^".weight".Length] : name;

    private static string? RecordedBase(GoldenCase golden)
    {
        var own = golden.Beside("checkpoint");
        return Directory.Exists(own) ? own : Directory.EnumerateDirectories(golden.Folders.InArea("qlora"))
            .Where(other => Directory.Exists(Path.Combine(other, "checkpoint"))
                && IsSame(GoldenFile.Read(other).Lines[0], golden.Record))
            .Select(other => Path.Combine(other, "checkpoint"))
            .FirstOrDefault();
    }

    private static bool IsSame(Field other, Field record) =>
        other["base"].Text == record["base"].Text
            && other["quantisation"].Json.GetRawText() == record["quantisation"].Json.GetRawText();

    private sealed record Tolerances(Field Recorded, double Factor)
    {
        public double this[string name] => Recorded[name].Number * Factor;
    }
}
