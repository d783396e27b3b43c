package org.jackfield.oracle;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.velocity.tools.generic.EscapeTool;

/** EscapeTool with the names data actions add to it, after their documentation. */
public class DataActionEscape extends EscapeTool {
    private static final ObjectMapper JSON = new ObjectMapper();

    public String jsonString(Object value) {
        return value == null ? null : new String(JsonStringEncoder.getInstance().quoteAsString(String.valueOf(value)));
    }

    public String jsonEncode(Object value) {
        return jsonString(value);
    }

    public String jsonDecode(Object value) throws Exception {
        return value == null ? null : JSON.readValue("\"" + value + "\"", String.class);
    }

    public String urlFormEncode(Object value) {
        return url(value);
    }

    public String uriEncode(Object value) {
        if (value == null) {
            return null;
        }
        String encoded = URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8);
        return encoded.replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    }
}
