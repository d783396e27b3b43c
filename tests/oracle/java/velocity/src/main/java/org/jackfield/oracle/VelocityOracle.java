package org.jackfield.oracle;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.exception.MethodInvocationException;
import org.apache.velocity.exception.ParseErrorException;
import org.apache.velocity.exception.VelocityException;
import org.apache.velocity.tools.generic.MathTool;

/**
 * Renders templates: one JSON object per input line, one per output line.
 *
 * <p>In: {"t": template, "c": context, "s": strict, "g": gobbling, "n": name}. Out: {"o": output} or {"e": kind of
 * error, "x": exception class, "m": message, "l": line, "k": column}.
 *
 * <p>With the argument "bench" it times rendering instead: see {@link Bench}.
 */
public final class VelocityOracle {
    private static final ObjectMapper JSON = new ObjectMapper();

    private VelocityOracle() {}

    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.US);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        if (arguments.length > 0 && arguments[0].equals("bench")) {
            Bench.run(in, out);
            return;
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(JSON.writeValueAsString(answer(JSON.readValue(line, Map.class))));
        }
        out.flush();
    }

    static VelocityEngine engine(boolean strict, String gobbling) {
        VelocityEngine engine = new VelocityEngine();
        engine.setProperty("runtime.strict_mode.enable", String.valueOf(strict));
        engine.setProperty("parser.space_gobbling", gobbling);
        engine.setProperty("parser.pool.size", "1");
        engine.init();
        return engine;
    }

    static VelocityContext context(Map<String, Object> values) {
        VelocityContext context = new VelocityContext();
        values.forEach(context::put);
        context.put("esc", new DataActionEscape());
        context.put("math", new MathTool());
        context.put("encoding", new DataActionTools.Encoding());
        context.put("successTemplateUtils", new DataActionTools.SuccessTemplateUtils());
        context.put("salesforce", new DataActionTools.Salesforce());
        return context;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> answer(Map<String, Object> question) {
        Map<String, Object> answer = new LinkedHashMap<>();
        StringWriter writer = new StringWriter();
        String name = (String) question.getOrDefault("n", "t");
        try {
            VelocityEngine engine = engine(
                    Boolean.TRUE.equals(question.get("s")), (String) question.getOrDefault("g", "lines"));
            VelocityContext context = context((Map<String, Object>) question.get("c"));
            engine.evaluate(context, writer, name, (String) question.get("t"));
            answer.put("o", writer.toString());
        } catch (ParseErrorException error) {
            failed(answer, "syntax", error, error.getLineNumber(), error.getColumnNumber());
        } catch (MethodInvocationException error) {
            failed(answer, "render", error, error.getLineNumber(), error.getColumnNumber());
        } catch (VelocityException error) {
            failed(answer, "render", error, 0, 0);
        } catch (RuntimeException | Error error) {
            failed(answer, "other", error, 0, 0);
        }
        return answer;
    }

    private static void failed(Map<String, Object> answer, String kind, Throwable error, int line, int column) {
        answer.put("e", kind);
        answer.put("x", error.getClass().getSimpleName());
        answer.put("m", error.getMessage());
        answer.put("l", line);
        answer.put("k", column);
    }
}
