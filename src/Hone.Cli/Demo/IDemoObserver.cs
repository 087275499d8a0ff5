using Hone.Training.Progress;

namespace Hone.Cli.Demo;

/// <summary>Is told how a demo gets on.</summary>
internal interface IDemoObserver
{
    /// <summary>The task is made and its parts are known not to overlap.</summary>
    public void Prepared(DemoFolder folder, DemoOptions options);

    /// <summary>A stage begins to train.</summary>
    /// <returns>Who is told of its steps.</returns>
    public ITrainingObserver Training(DemoStage stage);

    /// <summary>A model begins to answer the held-out problems.</summary>
    public void Examining(DemoStage stage);

    /// <summary>A row of the table is known.</summary>
    public void Examined(StageResult result);
}
