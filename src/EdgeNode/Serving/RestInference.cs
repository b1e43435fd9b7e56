using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using FaceLandmark.Diagnostics;
using FaceLandmark.OpenInference;
using FaceLandmark.Web;
using Microsoft.AspNetCore.Http;

namespace FaceLandmark.Serving;

/// <summary>The Open Inference Protocol over REST, with its binary tensors; <c>/health</c> and <c>/metrics</c>.</summary>
/// <param name="desk">What infers.</param>
/// <param name="token">What clients must bring; health and figures are open.</param>
/// <param name="guard">Keeps web pages of others out; null: none has to be.</param>
internal sealed class RestInference(InferenceDesk desk, ServeToken token, RequestGuard? guard)
{
    private const string Json = "application/json";
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers a request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            if (guard?.Knows(context.Request.Host) == false)
                await SayAsync(context, StatusCodes.Status421MisdirectedRequest, "This is served under the names of this machine only.");
            else
                await AnswerPathAsync(context, (context.Request.Path.Value ?? "").Trim('/').Split('/'));
        }
        catch (ServingException reason)
        {
            await SayAsync(context, StatusOf(reason.Fault), reason.Message);
        }
        catch (BadHttpRequestException reason)
        {
            await SayAsync(context, reason.StatusCode, $"The request cannot be read ({reason.Message.TrimEnd('.')}).");
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
    }

    private static int StatusOf(ServingFault fault) =>
        fault switch
        {
            ServingFault.Invalid => StatusCodes.Status400BadRequest,
            ServingFault.NotFound => StatusCodes.Status404NotFound,
            ServingFault.Exhausted => StatusCodes.Status429TooManyRequests,
            ServingFault.Stopping => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };

    private Task AnswerPathAsync(HttpContext context, string[] path)
    {
        if (path is ["v2", "repository", "models", _, "load" or "unload"])
            return SayAsync(
                context,
                StatusCodes.Status405MethodNotAllowed,
                "Models are loaded when the server starts: set Serve:Models and start it again."
            );
        var isPost = HttpMethods.IsPost(context.Request.Method);
        var wantsPost = path is [.., "infer"] or ["v2", "repository", "index"];
        if (isPost != wantsPost || !(isPost || HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
            return SayAsync(context, StatusCodes.Status405MethodNotAllowed, wantsPost ? "Only POST." : "Only GET.");
        switch (path)
        {
            case ["v2", "health", "live"]:
                return WriteAsync(context, json => json.WriteBoolean("live", true));
            case ["health"] or ["v2", "health", "ready"]:
                context.Response.StatusCode = desk.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                return WriteAsync(context, json => json.WriteBoolean("ready", desk.IsReady));
            case ["metrics"]:
                context.Response.ContentType = PrometheusText.ContentType;
                return context.Response.WriteAsync(desk.Figures.Write(desk.Models, desk.IsReady));
        }

        if (!token.IsBroughtBy(context.Request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return SayAsync(context, StatusCodes.Status401Unauthorized, ServeToken.Refusal);
        }

        switch (path)
        {
            case ["v2"]:
                return WriteAsync(context, DescribeServer);
            case ["v2", "models"]:
                return WriteAsync(context, json => WriteList(json, "models", desk.Models.All.Select(model => model.Name)));
            case ["v2", "repository", "index"]:
                return WriteIndexAsync(context);
            case ["v2", "models", var name, "versions", var version, .. var rest]:
                return AnswerModelAsync(context, name, version, rest);
            case ["v2", "models", var name, .. var rest]:
                return AnswerModelAsync(context, name, "", rest);
            default:
                return SayAsync(
                    context,
                    StatusCodes.Status404NotFound,
                    "There are /v2, /v2/health/live, /v2/health/ready, /v2/models, /v2/models/NAME, /v2/models/NAME/ready, "
                        + "/v2/models/NAME/infer, /health and /metrics."
                );
        }
    }

    private Task AnswerModelAsync(HttpContext context, string name, string version, string[] rest)
    {
        switch (rest)
        {
            case []:
                var model = desk.Models.Find(name, version);
                return WriteAsync(context, json => DescribeModel(json, model));
            case ["ready"]:
                var ready = desk.Models.Find(name, version);
                context.Response.StatusCode = desk.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                return WriteAsync(
                    context,
                    json =>
                    {
                        json.WriteString("name", ready.Name);
                        json.WriteBoolean("ready", desk.IsReady);
                    }
                );
            case ["infer"]:
                return InferAsync(context, name, version);
            default:
                return SayAsync(context, StatusCodes.Status404NotFound, "Of a model there are /ready and /infer.");
        }
    }

    private async Task InferAsync(HttpContext context, string name, string version)
    {
        desk.Models.Find(name, version); // before the body is read
        var body = await RestRequest.ReadAsync(context.Request, context.RequestAborted);
        var (model, outputs) = await desk.InferAsync(
            "rest",
            name,
            version,
            () => body.Inputs,
            [.. body.Outputs.Select(output => output.Name)],
            context.RequestAborted
        );
        var binary = outputs.Where(output => body.IsBinary(output.Name)).ToList();
        var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header, s_json))
        {
            json.WriteStartObject();
            json.WriteString("model_name", model.Name);
            json.WriteString("model_version", ServedModel.Version);
            if (body.Id.Length > 0)
                json.WriteString("id", body.Id);
            json.WriteStartArray("outputs");
            foreach (var output in outputs)
                WriteOutput(json, output, binary.Contains(output));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        context.Response.ContentType = binary.Count > 0 ? "application/octet-stream" : Json;
        if (binary.Count > 0)
            context.Response.Headers[RestRequest.HeaderLength] = $"{header.Length}";
        foreach (var output in binary)
            header.Write(MemoryMarshal.AsBytes(output.Values.Span));
        context.Response.ContentLength = header.Length;
        await context.Response.Body.WriteAsync(header.GetBuffer().AsMemory(0, (int)header.Length), context.RequestAborted);
    }

    private static void WriteOutput(Utf8JsonWriter json, OutputTensor output, bool isBinary)
    {
        json.WriteStartObject();
        json.WriteString("name", output.Name);
        json.WriteString("datatype", Datatype.Fp32);
        WriteShape(json, output.Shape);
        if (isBinary)
        {
            json.WriteStartObject("parameters");
            json.WriteNumber("binary_data_size", sizeof(float) * output.Values.Length);
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("data");
            foreach (var value in output.Values.Span)
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void DescribeServer(Utf8JsonWriter json)
    {
        json.WriteString("name", InferenceServer.Name);
        json.WriteString("version", InferenceServer.Version);
        WriteList(json, "extensions", InferenceServer.Extensions);
    }

    private static void DescribeModel(Utf8JsonWriter json, ServedModel model)
    {
        json.WriteString("name", model.Name);
        WriteList(json, "versions", [ServedModel.Version]);
        json.WriteString("platform", model.Platform);
        foreach (var (side, tensors) in new[] { ("inputs", [model.Input]), ("outputs", model.Outputs) })
        {
            json.WriteStartArray(side);
            foreach (var tensor in tensors)
            {
                json.WriteStartObject();
                json.WriteString("name", tensor.Name);
                json.WriteString("datatype", tensor.Datatype);
                WriteShape(json, tensor.Shape);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("properties");
        foreach (var (key, value) in model.Properties)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteShape(Utf8JsonWriter json, IReadOnlyList<long> shape)
    {
        json.WriteStartArray("shape");
        foreach (var dimension in shape)
            json.WriteNumberValue(dimension);
        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            json.WriteStringValue(item);
        json.WriteEndArray();
    }

    private Task WriteIndexAsync(HttpContext context)
    {
        var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, s_json))
        {
            json.WriteStartArray();
            foreach (var model in desk.Models.All)
            {
                json.WriteStartObject();
                json.WriteString("name", model.Name);
                json.WriteString("version", ServedModel.Version);
                json.WriteString("state", desk.IsReady ? "READY" : "UNAVAILABLE");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return SendAsync(context, text);
    }

    private static Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, s_json))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return SendAsync(context, text);
    }

    private static Task SendAsync(HttpContext context, MemoryStream text)
    {
        context.Response.ContentType = Json;
        return context.Response.Body.WriteAsync(text.GetBuffer(), 0, (int)text.Length, context.RequestAborted);
    }

    private static Task SayAsync(HttpContext context, int status, string sentence)
    {
        if (context.Response.HasStarted)
            return Task.CompletedTask;
        context.Response.StatusCode = status;
        return WriteAsync(context, json => json.WriteString("error", sentence));
    }
}
