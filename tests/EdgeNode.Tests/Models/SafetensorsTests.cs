using System.Text;
using FaceLandmark.ModelCards;
using FaceLandmark.Models;
using FaceLandmark.Models.Import;

namespace FaceLandmark.Tests.Models;

public sealed class SafetensorsTests : IDisposable
{
    private const string Two =
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[],"data_offsets":[8,16]}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("facelandmark-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Names_shapes_and_numbers_are_read()
    {
        using var file = Open(
            Two.Replace("{\"a\"", "{\"__metadata__\":{\"format\":\"pt\"},\"a\"", StringComparison.Ordinal),
            [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes(-2f), .. new byte[8]]
        );

        Assert.Equal(["a", "b"], file.Tensors.Keys);
        Assert.Equal([1.5f, -2f], file.Read("a"));
    }

    [Fact]
    public void A_network_is_imported_as_from_the_checkpoint_of_the_same_weights()
    {
        var shapes = new CheckpointWriter().Shapes;
        var (entries, end) = (new List<string>(), 0L);
        foreach (var (name, shape) in shapes)
        {
            var bytes = 4 * CheckpointWriter.Count(shape);
            entries.Add($"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{end},{end + bytes}]}}");
            end += bytes;
        }

        var path = Write($"{{{string.Join(',', entries)}}}", new byte[end]);
        var card = ModelImport.Run(
            path,
            "a test",
            new ModelCatalogue(new ModelsOptions { Folder = _folder }),
            new ImportOptions("net", 64),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(CheckpointWriter.Landmarks, card.Landmarks);
    }

    [Theory]
    [InlineData("\"shape\":[2]", "\"shape\":[3]", "beyond its storage")]
    [InlineData("\"shape\":[2]", "\"shape\":[1]", "its shape")]
    [InlineData("\"shape\":[2]", "\"shape\":[-2]", "negative")]
    [InlineData("\"shape\":[2]", "\"shape\":[4611686018427387904,4]", "beyond its storage")]
    [InlineData("\"shape\":[2]", "\"shape\":[1,1,1,1,1,1,1,1,2]", "more than 8 dimensions")]
    [InlineData("\"shape\":[2]", "\"shape\":[2.5]", "whole numbers")]
    [InlineData("\"shape\":[2]", "\"shape\":2", "damaged")]
    [InlineData("\"shape\":[2],", "", "damaged")]
    [InlineData("[8,16]", "[8,999]", "beyond the end of the file")]
    [InlineData("[8,16]", "[16,8]", "beyond the end of the file")]
    [InlineData("[8,16]", "[-8,0]", "beyond the end of the file")]
    [InlineData("[8,16]", "[0,8]", "leave gaps")]
    [InlineData("\"F32\"", "\"F31\"", "type 'F31'")]
    [InlineData("\"F32\"", "null", "type ''")]
    [InlineData("\"b\"", "\"a\"", "two tensors a")]
    [InlineData("\"b\"", "\"\\ud800\"", "damaged")]
    [InlineData("}}", "}", "damaged")]
    [InlineData("{\"a\":{", "{\"x\":[[[[[[[[[[1]]]]]]]]]],\"a\":{", "damaged")]
    public void What_does_not_fit_is_refused_with_a_sentence(string part, string instead, string sentence)
    {
        var refusal = Assert.Throws<ModelException>(() =>
            Open(Two.Replace(part, instead, StringComparison.Ordinal), new byte[16]).Dispose()
        );

        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }

    [Fact]
    public void Every_beginning_of_a_file_and_bytes_after_it_are_refused()
    {
        var whole = File.ReadAllBytes(Write(Two, new byte[16]));
        foreach (var bytes in Enumerable.Range(0, whole.Length).Select(length => whole[..length]).Append([.. whole, 0]))
        {
            var path = Path.Combine(_folder, "cut.safetensors");
            File.WriteAllBytes(path, bytes);
            Assert.Throws<ModelException>(() => new TorchCheckpoint(path).Dispose());
        }
    }

    private TorchCheckpoint Open(string header, byte[] data) => new(Write(header, data));

    private string Write(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var path = Path.Combine(_folder, "net.safetensors");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)text.Length), .. text, .. data]);
        return path;
    }
}
