using System.Collections.Frozen;

namespace FaceLandmark.Models.Import;

/// <summary>
/// Names that run code, load code, or reach files, processes and the network, when Python unpickles them. Here a name does nothing at all: the
/// list tells attacks from checkpoints, and what is missing on it is only kept.
/// </summary>
internal static class PickleDangers
{
    // Modules, classes and functions, each with all that is below it.
    private static readonly FrozenSet<string> s_names = FrozenSet.Create(
        StringComparer.Ordinal,
        "os", "posix", "nt", "sys", "subprocess", "_posixsubprocess", "pty", "tty", "shutil", "tempfile", "glob", "fileinput", "mmap",
            "fcntl", "ctypes", "_ctypes", "cffi",
        "importlib", "imp", "_imp", "_frozen_importlib", "_frozen_importlib_external", "zipimport", "pkgutil", "runpy", "site", "codeop",
            "ast", "dis", "inspect", "linecache",
        "pdb", "bdb", "timeit", "cProfile", "doctest", "unittest", "pydoc", "lib2to3", "idlelib", "venv", "ensurepip", "pip", "setuptools",
            "distutils",
        "pickle", "_pickle", "cPickle", "pickletools", "marshal", "shelve", "dbm", "dill", "cloudpickle", "joblib", "gc", "atexit",
            "signal", "sched", "threading", "_thread", "jinja2",
        "multiprocessing", "concurrent", "asyncio", "socket", "_socket", "socketserver", "ssl", "selectors", "http", "httplib", "urllib",
            "urllib2", "urllib3", "requests", "aiohttp",
        "ftplib", "smtplib", "poplib", "imaplib", "nntplib", "telnetlib", "xmlrpc", "webbrowser", "antigravity", "popen2", "sqlite3",
            "_sqlite3",
        "code.interact", "code.InteractiveInterpreter", "code.InteractiveConsole", "profile.Profile", "profile.run", "trace.Trace",
            "io.open", "io.open_code", "io.FileIO",
        "_io.open", "_io.open_code", "_io.FileIO", "types.FunctionType", "types.LambdaType", "types.CodeType", "types.MethodType",
            "types.ModuleType", "types.new_class",
        "operator.attrgetter", "operator.methodcaller", "_operator.attrgetter", "_operator.methodcaller", "functools.reduce",
            "_functools.reduce", "yaml.load", "yaml.unsafe_load",
        "logging.config.fileConfig", "logging.config.dictConfig", "torch.hub", "torch.serialization.load", "torch.serialization._load",
            "torch.serialization._legacy_load", "torch.package", "torch.multiprocessing", "torch.distributed.rpc",
        "torch.utils.cpp_extension", "torch.utils.bottleneck", "torch._inductor", "torch._dynamo", "torch.fx.graph_module", "torch.ops",
            "torch.classes", "torch.load", "torch.save",
        "torch.compile", "torch.jit.load", "torch.storage._load_from_bytes", "torch._utils._import_dotted_name",
            "torch.jit._pickle.restore_type_tag", "numpy.f2py", "numpy.testing",
        "numpy.distutils", "numpy.ctypeslib", "numpy.load", "numpy.loadtxt", "numpy.genfromtxt", "numpy.fromfile", "numpy.memmap",
            "numpy.core.multiarray.fromfile", "numpy._core.multiarray.fromfile",
        "builtins.eval", "builtins.exec", "builtins.execfile", "builtins.compile", "builtins.open", "builtins.file", "builtins.input", "builtins.raw_input", "builtins.breakpoint",
        "builtins.apply", "builtins.map", "builtins.filter", "builtins.reduce", "builtins.setattr", "builtins.delattr", "builtins.globals", "builtins.locals", "builtins.vars",
        "builtins.help", "builtins.exit", "builtins.quit", "builtins.reload");

    /// <summary>Whether a name is one of them.</summary>
    public static bool RunsCode(PickleGlobal global)
    {
        // A private part of a class (OrderedDict.__class__) is a step of an attack; a module such as __main__ is none, nor are the two ways to make an object.
        if (global.Name.Split('.').Any(part => part.StartsWith("__", StringComparison.Ordinal) && part.EndsWith("__", StringComparison.Ordinal) && part is not ("__newobj__" or "__newobj_ex__")))
            return true;
        var module = global.Module is "__builtin__" or "__builtins__" ? "builtins" : global.Module; // of Python 2
        var name = $"{module}.{global.Name}";
        for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
        {
            if (s_names.Contains(name[..end]))
                return true;
        }

        return false;
    }
}
