package org.jackfield.oracle;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.velocity.Template;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.runtime.RuntimeServices;
import org.apache.velocity.runtime.RuntimeSingleton;

/**
 * Times rendering in a warm JVM. The first line names the templates: [{"t": …, "c": …}, …]; each is compiled once and
 * rendered until the JVM is warm. Every further line is a round, {"i": template, "n": renders}; the answer is the
 * nanoseconds they took.
 */
final class Bench {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WARM_UP = 20_000;

    private Bench() {}

    @SuppressWarnings("unchecked")
    static void run(BufferedReader in, PrintStream out) throws Exception {
        List<Map<String, Object>> cases = JSON.readValue(in.readLine(), List.class);
        RuntimeSingleton.init();
        RuntimeServices services = RuntimeSingleton.getRuntimeServices();
        List<Template> templates = new ArrayList<>();
        List<VelocityContext> contexts = new ArrayList<>();
        for (Map<String, Object> item : cases) {
            Template template = new Template();
            template.setRuntimeServices(services);
            template.setName("bench");
            template.setData(services.parse(new StringReader((String) item.get("t")), template));
            template.initDocument();
            templates.add(template);
            contexts.add(VelocityOracle.context((Map<String, Object>) item.get("c")));
        }
        Map<String, Object> ready = new LinkedHashMap<>();
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < templates.size(); i++) {
            time(templates.get(i), contexts.get(i), WARM_UP);
            StringWriter writer = new StringWriter();
            templates.get(i).merge(contexts.get(i), writer);
            outputs.add(writer.toString());
        }
        ready.put("outputs", outputs);
        out.println(JSON.writeValueAsString(ready));
        out.flush();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<String, Object> round = JSON.readValue(line, Map.class);
            int i = (Integer) round.get("i");
            out.println(time(templates.get(i), contexts.get(i), (Integer) round.get("n")));
            out.flush();
        }
    }

    private static long time(Template template, VelocityContext context, int count) {
        long started = System.nanoTime();
        for (int i = 0; i < count; i++) {
            template.merge(context, new StringWriter(512));
        }
        return System.nanoTime() - started;
    }
}
