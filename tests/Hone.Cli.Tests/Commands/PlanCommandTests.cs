using Hone.Cli.Commands;
using Hone.Cli.Tests.Training;
using Hone.Cli.Training;
using Hone.Cli.Writing;
using Hone.Models.Generation;

namespace Hone.Cli.Tests.Commands;

public sealed class PlanCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    [Fact]
    public void A_plan_is_a_table_and_its_warnings_go_to_the_errors()
    {
        Assert.Equal(ExitCode.Done, Plan(asJson: false));
        Assert.Equal(
            """
            method   sft
            steps    4, each of 2 sequences and 1 update
            rows     10 to train on, each used 0.8 times; 3 to evaluate on
            weights  1,200, all trained
            compute  float32: the recipe says so; 2 threads
            sampling composed of operators, since its head is odd; bits may depend on the batch
            memory   about 14.1 KiB beside the program: weights 4.7 KiB, moments 9.4 KiB

            """,
            _output.ToString());
        Assert.Equal("warning: data: is small\n", _errors.ToString());
    }

    [Fact]
    public void What_several_ranks_do_stands_in_it()
    {
        Assert.Equal(ExitCode.Done, Plan(asJson: false, ranks: 4));
        Assert.Equal(
            """
            method   sft
            steps    4, each of 2 sequences and 1 update
            rows     10 to train on, each used 0.8 times; 3 to evaluate on
            weights  1,200, all trained
            compute  float32: the recipe says so; 4 ranks of 2 threads
            sampling composed of operators, since its head is odd; bits may depend on the batch
            ranks    4, which divide each step; an update sums 4.7 KiB of gradients over them
            memory   about 14.1 KiB for each rank beside the program: weights 4.7 KiB, moments 9.4 KiB

            """,
            _output.ToString());
    }

    [Fact]
    public void For_machines_it_is_one_object()
    {
        Assert.Equal(ExitCode.Done, Plan(asJson: true));
        Assert.Equal(
            "{\"method\":\"sft\",\"steps\":4,\"parameters\":1200,\"trained_parameters\":1200,\"compute\":\"float32\",\"compute_reason\":\"the recipe says so\","
            + "\"generation_path\":\"composed\","
            + "\"generation_reason\":\"composed of operators, since its head is odd; bits may depend on the "
            + "batch\",\"ranks\":1,\"threads\":2,\"rows\":10,\"evaluation_rows\":3,\"epochs\":0.8,\"sequences_per_step\":2,\"updates_per_step\":1,"
            + "\"memory\":{\"weights\":4800,\"moments\":9600},\"warnings\":[\"data: is small\"]}\n",
            _output.ToString());
        Assert.Equal("", _errors.ToString());
    }

    [Fact]
    public void Packed_weights_and_an_evaluation_in_few_bits_stand_in_it_where_there_are_any()
    {
        var plan = Reports.Plan with
        {
            Generation = new GenerationPath(true, "fused step") { PackBytes = 4800 },
            Evaluation = new GenerationPath(true, "fused step with weights in 8 bits") { PackBytes = 1300 },
        };

        PlanText.Write(_output, plan);
        Assert.Contains(
            "\nsampling fused step; packed weights 4.7 KiB\nin eval  fused step with weights in 8 bits; "
                + "packed weights 1.3 KiB\nmemory ",
            _output.ToString(),
            StringComparison.Ordinal);

        JsonLine.Write(_output, json => PlanJson.Write(json, plan));
        Assert.Contains(
            "\"generation_reason\":\"fused step\",\"generation_pack_bytes\":4800,\"evaluation_path\":\"fused\","
                + "\"evaluation_reason\":\"fused step with weights in 8 bits\",\"evaluation_pack_bytes\":1300,",
            _output.ToString(),
            StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _scratch.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    private ExitCode Plan(bool asJson, int ranks = 1)
    {
        var recipe = _scratch.File(
            "r.yaml",
            "method: sft\nseed: 1\nsteps: 4\noutput: run\nmodel: {path: m}\ndata: {train: {path: rows.jsonl}}\n");
        using var interruption = new Interruption(TimeProvider.System);
        var session = new Session(new Terminal(TextReader.Null, _output, _errors), interruption);
        return new PlanCommand(session, new ScriptedTraining()).Run(recipe, [], ranks, asJson);
    }
}
