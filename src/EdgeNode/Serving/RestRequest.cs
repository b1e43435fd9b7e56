using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using FaceLandmark.OpenInference;
using Microsoft.AspNetCore.Http;

namespace FaceLandmark.Serving;

/// <summary>The body of an inference over REST: JSON, and behind it the tensors that are binary.</summary>
/// <param name="Id">Comes back with the answer; empty: none.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">The outputs asked for and whether binary (null: as all); none: all.</param>
/// <param name="AllBinary">Whether outputs are binary where the request does not say otherwise.</param>
internal sealed record RestRequest(
    string Id,
    IReadOnlyList<InputTensor> Inputs,
    IReadOnlyList<(string Name, bool? IsBinary)> Outputs,
    bool AllBinary
)
{
    /// <summary>The header that says how many bytes of the body are JSON, where binary tensors follow.</summary>
    public const string HeaderLength = "Inference-Header-Content-Length";

    /// <summary>Whether an output is to be binary.</summary>
    public bool IsBinary(string output) => Outputs.FirstOrDefault(asked => asked.Name == output).IsBinary ?? AllBinary;

    /// <summary>Reads it.</summary>
    /// <exception cref="ServingException">It is none; the message says why.</exception>
    public static async Task<RestRequest> ReadAsync(HttpRequest request, CancellationToken end)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, InferenceServer.RequestBytesAtMost));
        await request.Body.CopyToAsync(body, end);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        var header = bytes.Length;
        if (request.Headers.TryGetValue(HeaderLength, out var length))
        {
            if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out header) || header > bytes.Length)
                throw Invalid($"{HeaderLength} is no number of bytes of the body, which has {bytes.Length}");
        }

        try
        {
            using var json = JsonDocument.Parse(bytes[..header], new JsonDocumentOptions { MaxDepth = 16 });
            return Read(json.RootElement, bytes[header..]);
        }
        catch (Exception reason)
            when (reason is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw new ServingException(ServingFault.Invalid, $"The request is not the JSON of the protocol: {reason.Message}", reason);
        }
    }

    private static RestRequest Read(JsonElement root, ReadOnlyMemory<byte> binary)
    {
        var inputs = new List<InputTensor>();
        foreach (var input in root.GetProperty("inputs").EnumerateArray())
        {
            var datatype = input.GetProperty("datatype").GetString() ?? "";
            var name = input.GetProperty("name").GetString() ?? "";
            long[] shape = [.. input.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
            ReadOnlyMemory<byte> raw;
            if (Parameter(input, "binary_data_size") is { } size)
            {
                var length = size.GetInt32();
                if (length < 0 || length > binary.Length)
                    throw Invalid($"binary_data_size is {length}, but {binary.Length} bytes follow the JSON; {HeaderLength} must be set");
                (raw, binary) = (binary[..length], binary[length..]);
            }
            else
            {
                raw = Data(input.GetProperty("data"), datatype);
            }

            inputs.Add(new InputTensor(name, datatype, shape, raw));
        }

        if (binary.Length > 0)
            throw Invalid($"{binary.Length} bytes follow that belong to no input");
        var outputs = new List<(string, bool?)>();
        if (root.TryGetProperty("outputs", out var asked))
            outputs.AddRange(
                asked
                    .EnumerateArray()
                    .Select(output => (output.GetProperty("name").GetString() ?? "", Parameter(output, "binary_data")?.GetBoolean()))
            );
        var id = root.TryGetProperty("id", out var given) ? given.GetString() ?? "" : "";
        return new RestRequest(id, inputs, outputs, Parameter(root, "binary_data_output")?.GetBoolean() ?? false);
    }

    private static JsonElement? Parameter(JsonElement of, string name) =>
        of.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty(name, out var value) ? value : null;

    private static ReadOnlyMemory<byte> Data(JsonElement data, string datatype)
    {
        switch (datatype)
        {
            case Datatype.Fp32:
                var numbers = new List<float>();
                Collect(data, element => numbers.Add(element.GetSingle()));
                return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(numbers)).ToArray();
            case Datatype.UInt8:
                var bytes = new List<byte>();
                Collect(data, element => bytes.Add(element.GetByte()));
                return bytes.ToArray();
            case Datatype.Bytes:
                using (var framed = new MemoryStream())
                {
                    Collect(
                        data,
                        element =>
                        {
                            var content = element.GetBytesFromBase64();
                            var length = new byte[sizeof(int)];
                            BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
                            framed.Write(length);
                            framed.Write(content);
                        }
                    );
                    return framed.ToArray();
                }
            default:
                throw Invalid(
                    $"tensors of '{FaceLandmark.Platform.PublicText.Shown(datatype[..Math.Min(20, datatype.Length)])}' cannot come as JSON"
                );
        }
    }

    // Flat, or as many arrays deep as the shape has dimensions.
    private static void Collect(JsonElement data, Action<JsonElement> take)
    {
        if (data.ValueKind != JsonValueKind.Array)
        {
            take(data);
            return;
        }

        foreach (var element in data.EnumerateArray())
            Collect(element, take);
    }

    private static ServingException Invalid(string what) => new(ServingFault.Invalid, $"The request cannot be read: {what}.");
}
