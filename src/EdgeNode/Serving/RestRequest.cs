using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
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
        await CopyAsync(request, body, end);
        if (body.Length == 0)
            throw Invalid("it has no body");
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
            when (reason is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new ServingException(ServingFault.Invalid, $"The request is not the JSON of the protocol: {reason.Message}", reason);
        }
    }

    // As it is, or compressed; a small body may become a huge one.
    private static async Task CopyAsync(HttpRequest request, MemoryStream to, CancellationToken end)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        await using Stream from = encoding.ToLowerInvariant() switch
        {
            "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            _ => throw Invalid("its Content-Encoding is none of gzip, deflate and identity"),
        };
        try
        {
            var part = new byte[64 << 10];
            while (await from.ReadAsync(part, end) is > 0 and var length)
            {
                if (to.Length + length > InferenceServer.RequestBytesAtMost)
                    throw await TooLargeAsync(request, part, end);
                to.Write(part, 0, length);
            }
        }
        catch (InvalidDataException reason)
        {
            throw Invalid($"it is not {encoding} ({reason.Message.TrimEnd('.')})");
        }
    }

    private static async Task<BadHttpRequestException> TooLargeAsync(HttpRequest request, Memory<byte> part, CancellationToken end)
    {
        while (await request.Body.ReadAsync(part, end) > 0)
        {
            // Nobody keeps it.
        }

        return new BadHttpRequestException(
            $"it is larger than {InferenceServer.RequestBytesAtMost >> 20} MiB",
            StatusCodes.Status413PayloadTooLarge
        );
    }

    private static RestRequest Read(JsonElement root, ReadOnlyMemory<byte> binary)
    {
        var inputs = new List<InputTensor>();
        foreach (var input in Member(root, "inputs").EnumerateArray())
        {
            var datatype = Member(input, "datatype").GetString() ?? "";
            var name = Member(input, "name").GetString() ?? "";
            long[] shape = [.. Member(input, "shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
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
                raw = Data(Member(input, "data"), datatype);
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
                    .Select(output => (Member(output, "name").GetString() ?? "", Parameter(output, "binary_data")?.GetBoolean()))
            );
        var id = root.TryGetProperty("id", out var given) ? given.GetString() ?? "" : "";
        return new RestRequest(id, inputs, outputs, Parameter(root, "binary_data_output")?.GetBoolean() ?? false);
    }

    private static JsonElement Member(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value)
            ? value
            : throw Invalid($"it lacks '{name}'{(name == "inputs" ? "" : " in an input or output")}");

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
                            if (!element.TryGetBytesFromBase64(out var content))
                                throw Invalid("an element of BYTES is not base64");
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
