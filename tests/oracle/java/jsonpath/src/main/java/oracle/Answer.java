package oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.spi.json.JacksonJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;

/**
 * Reads one question per line, {"path": text, "document": JSON text}, and answers each on one line:
 * {"definite": bool, "value": JSON text}, or {"phase": "compile" or "read", "error": class name}.
 *
 * Every question compiles its path anew and parses its document anew, because Jayway's compiled paths and
 * its append() keep state. With the argument "bench" the program measures instead; see Bench.
 */
public final class Answer {

    static final Configuration CONFIGURATION = Configuration.builder()
        .jsonProvider(new JacksonJsonProvider())
        .mappingProvider(new JacksonMappingProvider())
        .build();

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Answer() {
    }

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        if (args.length > 0 && args[0].equals("bench")) {
            Bench.serve(in, out);
            return;
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode question = MAPPER.readTree(line);
            out.write(MAPPER.writeValueAsString(answer(question)));
            out.write('\n');
        }
        out.flush();
    }

    private static ObjectNode answer(JsonNode question) {
        ObjectNode answer = MAPPER.createObjectNode();
        JsonPath path;
        try {
            path = JsonPath.compile(question.get("path").asText());
        } catch (Throwable failure) {
            return failed(answer, "compile", failure);
        }
        try {
            Object value = JsonPath.using(CONFIGURATION).parse(question.get("document").asText()).read(path);
            answer.put("definite", path.isDefinite());
            answer.put("value", MAPPER.writeValueAsString(value));
            return answer;
        } catch (Throwable failure) {
            return failed(answer, "read", failure);
        }
    }

    private static ObjectNode failed(ObjectNode answer, String phase, Throwable failure) {
        answer.removeAll();
        answer.put("phase", phase);
        answer.put("error", failure.getClass().getSimpleName());
        return answer;
    }
}
