using System.Text.Json.Nodes;
using Hone.Models.Configuration;
using Hone.Models.Families;

namespace Hone.Models.Tests.Configuration;

public sealed class ConfigFieldsTests
{
    private const string Llama = """
        {"model_type":"llama","vocab_size":32,"hidden_size":16,"max_position_embeddings":64,"num_attention_heads":4,"num_hidden_layers":2,"intermediate_size":24}
        """;

    [Fact]
    public void Absent_fields_take_the_defaults_of_the_first_llama_files()
    {
        var config = Read(_ => { });

        Assert.Equal(
            (4, 4, 0.5), (config.Attention.KeyValueHeadCount, config.Attention.HeadSize, config.Attention.Scale));
        Assert.Equal(new RotaryConfig(10000, 4, new RopeScaling.None()), config.Rotary);
        Assert.Equal(new NormConfig(NormKind.Rms, 1e-6), config.Norm);
        Assert.False(config.TiedHead || config.Attention.InputBias || config.FeedForward.Bias);
    }

    [Theory]
    [InlineData("hidden_size", "\"x\"", "\"hidden_size\" must be an integer, got \"x\"")]
    [InlineData("num_hidden_layers", "2147483647",
        "\"num_hidden_layers\" must be at most 10000 layers, got 2147483647")]
    [InlineData("hidden_size", "0", "\"hidden_size\" must be a positive integer, got 0")]
    [InlineData("hidden_size", "null", "\"hidden_size\" is missing; the model cannot be built without it")]
    [InlineData("hidden_act", "\"mish\"",
        "\"hidden_act\" must be one of silu, gelu, gelu_new, gelu_pytorch_tanh, relu, got \"mish\"")]
    [InlineData("torch_dtype", "\"int8\"",
        "\"torch_dtype\" must be one of float32, bfloat16, float16, float64, got \"int8\"")]
    [InlineData("tie_word_embeddings", "1", "\"tie_word_embeddings\" must be true or false, got 1")]
    [InlineData("rope_scaling", "{\"rope_type\":\"magic\"}",
        "rope_scaling: \"rope_type\" must be one of default, linear, dynamic, llama3, yarn, longrope, got magic")]
    [InlineData("rope_scaling", "{\"rope_type\":\"linear\"}",
        "rope_scaling: \"factor\" is missing; the model cannot be built without it")]
    [InlineData("num_key_value_heads", "3",
        "the 4 attention heads must be a multiple of the key-value heads, there are 3")]
    [InlineData("head_dim", "5", "the part of a head that turns must be an even number of dimensions, 1 of 5 gives 5")]
    [InlineData("model_type", "\"bert\"", "\"model_type\" must be a supported family, got \"bert\"; supported are ")]
    public void A_field_that_does_not_fit_is_an_error_with_its_name_and_value(string name, string value, string message)
    {
        var error = Assert.Throws<CheckpointException>(() => Read(fields => fields[name] = JsonNode.Parse(value)));

        Assert.StartsWith($"config.json: {message}", error.Message);
    }

    [Theory]
    [InlineData("[]", "config.json: must be a JSON object, found another kind of value")]
    [InlineData("{\n\"a\": tru",
        "config.json: must be JSON, but ends in line 2 before it is whole; copy or download it again")]
    [InlineData("", "config.json: must be JSON, but ends in line 1 before it is whole; copy or download it again")]
    [InlineData("{\n\"a\" 1}", "config.json: must be JSON, but line 2 is not (byte 4)")]
    [InlineData("{\"a\":\"\\ud83d\\ude00\",\"b\\ud800\":1}",
        "config.json: texts must be Unicode, \"b\\ud800\" has half of a surrogate pair")]
    [InlineData("{\"a\":1,\"a\":2}", "config.json: must be JSON, but \"a\" stands twice in one object")]
    [InlineData("{\"b\":[0,{\"a\":1,\"\\u0061\":2}]}",
        "config.json: must be JSON, but \"a\" stands twice in one object")]
    public void A_file_that_is_not_an_object_is_refused(string json, string message)
    {
        var error = Assert.Throws<CheckpointException>(() => ConfigFields.Parse(json, "config.json"));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Version_5_is_respelled_and_what_is_not_known_is_kept()
    {
        var fields = ConfigFields.Parse(
            """
            {"model_type":"llama","vocab_size":32,"hidden_size":16,"max_position_embeddings":64,"num_attention_heads":4,"num_hidden_layers":1,
             "intermediate_size":24,"dtype":"bfloat16","rope_parameters":{"rope_type":"linear","factor":2.0,"rope_theta":5000.0},"own_field":[1]}
            """,
            "config.json");
        var config = ModelFamilies.Of(fields).Read(fields);

        var written = ConfigFile.Compose(config with { VocabularySize = 40 }, fields);

        Assert.Equal("bfloat16", written["torch_dtype"]!.GetValue<string>());
        Assert.Equal(5000, written["rope_theta"]!.GetValue<double>());
        Assert.Equal("""{"rope_type":"linear","factor":2}""", written["rope_scaling"]!.ToJsonString());
        Assert.Equal(40, written["vocab_size"]!.GetValue<int>());
        Assert.Equal("[1]", written["own_field"]!.ToJsonString());
        Assert.False(written.ContainsKey("dtype") || written.ContainsKey("rope_parameters"));
    }

    private static DecoderConfig Read(Action<JsonObject> change)
    {
        var json = (JsonObject)JsonNode.Parse(Llama)!;
        change(json);
        var fields = new ConfigFields(json, "config.json");
        return ModelFamilies.Of(fields).Read(fields);
    }
}
