using System.Runtime.InteropServices;
using Hone.Models;
using Hone.Models.Generation;
using Hone.Torch;
using Hone.Training.Methods;
using Hone.Training.Progress;
using Hone.Training.Ranks;
using Hone.Training.Recipes;

namespace Hone.Training;

/// <summary>Turns a recipe into a run folder.</summary>
/// <remarks>
/// A step depends on the weights, the moments, the updates made and its number, and on nothing else: which rows it
/// takes and what it samples follow from the number. So a checkpoint holds just these, and a resumed run is the
/// undisturbed one, bit for bit. What the recipe names is loaded before the output folder is touched, and so are the
/// kernels: bad data, or a <c>HONE_ISA</c> that does not run here, leaves no run behind.
/// </remarks>
/// <param name="time">The clock.</param>
/// <param name="ranks">The processes that train together; every one of them runs the same recipe.</param>
public sealed class Trainer(TimeProvider time, IRanks ranks)
{
    /// <summary>Trains in this process alone.</summary>
    /// <param name="time">The clock.</param>
    public Trainer(TimeProvider time)
        : this(time, new LoneRank())
    {
    }

    /// <summary>Runs a recipe to its end, and writes the model; or until it is asked to stop, and saves the state of
    /// the steps that are done.</summary>
    /// <param name="recipe">What to do.</param>
    /// <param name="resume">Whether to go on after the newest whole checkpoint of the output folder; a newer one that
    /// is not whole is a warning of the plan that <paramref name="observer"/> gets.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="cancel">Asks to stop. A step whose first update is made goes through to its end; before that it
    /// leaves no trace.</param>
    /// <exception cref="OptionsException">The recipe cannot be followed.</exception>
    /// <exception cref="Hone.Data.DataException">A row cannot be used.</exception>
    /// <exception cref="CheckpointException">The model cannot be loaded or has weights that are not numbers, or no
    /// checkpoint of the run is whole.</exception>
    /// <exception cref="TrainingException">The run cannot go on.</exception>
    public TrainingResult Run(Recipe recipe, bool resume, ITrainingObserver observer, CancellationToken cancel) =>
        Run(LocatedRecipe.OfFiles(recipe), resume, observer, cancel);

    /// <summary>Runs a recipe of which everything is local now; the run folder keeps what names of the hub stood
    /// for.</summary>
    /// <inheritdoc cref="Run(Recipe, bool, ITrainingObserver, CancellationToken)"/>
    public TrainingResult Run(LocatedRecipe located, bool resume, ITrainingObserver observer, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, ranks.StopRequested);
        using var told = cancel.Register(ranks.RequestStop);
        var (recipe, team) = (located.Recipe, new RankTeam(ranks));
        var compute = ComputeDecision.Of(recipe.Compute, Processor.Detect());
        var all = RankGreeting.Of(located, compute).Exchange(team);
        compute = RankGreeting.Agree(compute, all);
        var here = all.Count(rank => rank.Machine == Environment.MachineName);
        var threads = recipe.Threads.Resolve(here);
        ComputeThread.Configure(threads);
        using var session = TrainingSession.Open(located, compute, ranks, team, observer, time);
        WeightScan.Require(session.Model.Decoder, recipe.Model.Path ?? "model");
        session.RequireSameRows();
        KernelSet.Load();
        using var output = Output(recipe, resume);
        var found = output.Find(resume);
        var done = session.Join(found.Newest is { } saved ? session.Restore(saved) : 0);
        output.Begin(Record(located, compute, threads, done), found.Newest is null ? -1 : done);
        var plan = session.Plan(recipe, compute, ranks.Count, here);
        plan = plan with { Warnings = [.. found.Refused.Select(PassedOver), .. plan.Warnings] };
        observer.Started(new RunStart(plan, done, recipe.Steps));
        return new TrainingLoop(recipe, output, session, observer, time).Run(done, stop.Token);
    }

    /// <summary>Works out what follows from a recipe, reading its data and its model but computing nothing.</summary>
    /// <exception cref="OptionsException">The recipe cannot be followed.</exception>
    public TrainingPlan Plan(Recipe recipe) => Plan(LocatedRecipe.OfFiles(recipe), ranks: 1);

    /// <summary>Works out what follows from a recipe of which everything is local now.</summary>
    /// <param name="located">The recipe.</param>
    /// <param name="ranks">How many processes of this machine are to train together.</param>
    /// <inheritdoc cref="Plan(Recipe)"/>
    public TrainingPlan Plan(LocatedRecipe located, int ranks)
    {
        var recipe = located.Recipe;
        var compute = ComputeDecision.Of(recipe.Compute, Processor.Detect());
        if (RecipeModel.Outline(located.Local) is not { } model
            || !RecipeModel.OutlineDraft(located.Local, out var draft))
        {
            var alone = new LoneRank();
            using var session = TrainingSession.Open(
                located, compute, alone, new RankTeam(alone), new SilentObserver(), time);
            return With(session.Plan(recipe, compute, ranks, here: ranks), WeightScan.NotFinite(session.Model.Decoder));
        }

        if (draft is not null)
        {
            Speculation.Draft.RequireVocabulary(model.Config, draft.Config);
        }

        // Nothing here makes a tensor: to load the tensor engine takes longer than all the rest. Weights are read
        // meanwhile.
        var notFinite = Task.Run(model.NotFinite);
        var tokenizer = RecipeModel.Tokenizer(located.Local, model.Tokenizer, model.Config);
        var (rows, held, warnings) = RecipeRows.Count(located.Local, tokenizer);
        var counts = new WeightCounts(model.ParameterCount, model.ParameterCount, IsAdapter: false)
        {
            Draft = draft is null
                ? null : new DraftCounts(draft.Config, draft.ParameterCount * compute.DType.ByteSize()),
        };
        var plan = TrainingPlanner.Of(recipe, model.Config, counts, rows, held, compute);
        plan = plan with { Warnings = [.. warnings, .. plan.Warnings] };
        var divided = RankPlanner.Divide(plan, recipe, model.ParameterCounts, ranks, here: ranks);
        return With(divided, notFinite.GetAwaiter().GetResult());
    }

    private static TrainingPlan With(TrainingPlan plan, IEnumerable<string> notFinite) =>
        plan with { Warnings = [.. plan.Warnings, .. notFinite.Select(NotFinite)] };

    private IRunOutput Output(Recipe recipe, bool resume) => ranks.Rank == 0
        ? new FolderOutput(recipe, RunFolder.Open(recipe, resume), time)
        : new NoOutput(recipe.Output);

    private static string PassedOver(string refusal) => $"{refusal}; the run goes on from the checkpoint before it";

    private static string NotFinite(string weight) =>
        $"model: weights must be finite numbers, \"{weight}\" holds NaN or infinity; a run would refuse it";

    private RunRecord Record(LocatedRecipe located, ComputeDecision compute, int threads, int done)
    {
        var runtime = TorchRuntime.Load();
        return new RunRecord
        {
            Started = time.GetUtcNow(),
            Step = done,
            Version = HoneVersion.Text,
            Seed = located.Recipe.Seed,
            Sources = located.Sources,
            Compute = compute.Name,
            ComputeReason = compute.Reason,
            Ranks = ranks.Count,
            Threads = threads,
            Processor = Processor.Detect().ToString(),
            Libtorch = runtime.Version,
            Blas = Path.GetFileName(runtime.BlasLibrary),
            System = $"{RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}",
        };
    }
}
