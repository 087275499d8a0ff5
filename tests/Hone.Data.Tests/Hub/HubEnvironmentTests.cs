using Hone.Data.Hub;

namespace Hone.Data.Tests.Hub;

public sealed class HubEnvironmentTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Theory]
    [InlineData("", "HOME/.cache/huggingface/hub")]
    [InlineData("XDG_CACHE_HOME=/x", "/x/huggingface/hub")]
    [InlineData("XDG_CACHE_HOME=/x HF_HOME=/h", "/h/hub")]
    [InlineData("HF_HOME=~/h", "HOME/h/hub")]
    [InlineData("DATA=/d HF_HOME=$DATA/h", "/d/h/hub")]
    [InlineData("DATA=/d HF_HOME=${DATA}/h", "/d/h/hub")]
    [InlineData("HF_HOME=/h HUGGINGFACE_HUB_CACHE=/old", "/old")]
    [InlineData("HUGGINGFACE_HUB_CACHE=/old HF_HUB_CACHE=/new", "/new")]
    public void The_cache_is_where_huggingface_hub_has_it(string variables, string folder) =>
        Assert.Equal(
            folder.Replace("HOME", _scratch.Folder, StringComparison.Ordinal), Options(variables).CacheFolder);

    [Fact]
    public void The_token_is_a_variable_s_or_a_file_s()
    {
        Directory.CreateDirectory(Path.Combine(_scratch.Folder, ".cache", "huggingface"));
        _scratch.Write(".cache/huggingface/token", " hf_file\n");
        _scratch.Write("other", "hf_other");

        Assert.Equal("hf_file", Options("").Token);
        Assert.Equal("hf_other", Options($"HF_TOKEN_PATH={_scratch.Folder}/other").Token);
        Assert.Equal("hf_set", Options("HF_TOKEN=hf_set").Token);
        Assert.Equal("hf_old", Options("HUGGING_FACE_HUB_TOKEN=hf_old").Token);
        Assert.Null(Options("HF_TOKEN=hf_set HF_HUB_DISABLE_IMPLICIT_TOKEN=1").Token);
        Assert.Null(Options("HF_HOME=/nowhere").Token);
    }

    [Fact]
    public void Switches_and_times_are_read()
    {
        var usual = Options("");
        var set = Options(
            "HF_ENDPOINT=http://mirror:8080/hf/ HF_HUB_OFFLINE=yes HF_HUB_DISABLE_SYMLINKS=ON HF_HUB_ETAG_TIMEOUT=3 "
            + "HF_HUB_DOWNLOAD_TIMEOUT=60");

        Assert.Equal(("https://huggingface.co", false, true), (usual.Endpoint, usual.IsOffline, usual.UsesLinks));
        Assert.Equal(("http://mirror:8080/hf", true, false), (set.Endpoint, set.IsOffline, set.UsesLinks));
        Assert.Equal((3, 60), (set.AnswerTimeout.TotalSeconds, set.BodyTimeout.TotalSeconds));
        Assert.True(Options("TRANSFORMERS_OFFLINE=1").IsOffline);
        Assert.False(Options("TRANSFORMERS_OFFLINE=1 HF_HUB_OFFLINE=0").IsOffline);
    }

    [Theory]
    [InlineData("HF_ENDPOINT=huggingface.co", "HF_ENDPOINT: must be an address such as https://huggingface.co, is "
        + "\"huggingface.co\"")]
    [InlineData("HF_ENDPOINT=ftp://x", "HF_ENDPOINT: must be an address such as https://huggingface.co, is "
        + "\"ftp://x\"")]
    [InlineData("HF_HUB_ETAG_TIMEOUT=soon", "HF_HUB_ETAG_TIMEOUT: must be a whole number of seconds from 1 to 86400, "
        + "is \"soon\"")]
    [InlineData(
        "HF_TOKEN=hfétoken",
        "HF_TOKEN: must be a token as https://huggingface.co/settings/tokens shows it, holds blanks or letters that "
        + "no token has")]
    public void What_cannot_be_followed_is_refused(string variables, string message) =>
        Assert.Equal(message, Assert.Throws<HubException>(() => Options(variables)).Message);

    public void Dispose() => _scratch.Dispose();

    private HubOptions Options(string variables)
    {
        var set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(one => one[..one.IndexOf('=')], one => one[(one.IndexOf('=') + 1)..]);
        return new HubEnvironment(name => set.GetValueOrDefault(name), _scratch.Folder).Options();
    }
}
