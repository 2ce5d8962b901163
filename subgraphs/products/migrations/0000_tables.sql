CREATE SCHEMA IF NOT EXISTS "products";
--> statement-breakpoint
CREATE TABLE "products"."product" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"sku" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"price" numeric NOT NULL,
	"currency" text NOT NULL,
	CONSTRAINT "product_sku_unique" UNIQUE("sku"),
	CONSTRAINT "product_price_positive" CHECK ("products"."product"."price" >= 0),
	CONSTRAINT "product_currency_code" CHECK ("products"."product"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "products"."reservation" (
	"order_key" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"request_hash" text
);
--> statement-breakpoint
CREATE TABLE "products"."reservation_line" (
	"order_key" text NOT NULL,
	"product_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	"unit_price" numeric NOT NULL,
	"currency" text NOT NULL,
	CONSTRAINT "reservation_line_order_key_product_id_pk" PRIMARY KEY("order_key","product_id"),
	CONSTRAINT "reservation_line_quantity_positive" CHECK ("products"."reservation_line"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "products"."stock" (
	"product_id" uuid PRIMARY KEY NOT NULL,
	"on_hand" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "products"."reservation_line" ADD CONSTRAINT "reservation_line_order_key_reservation_order_key_fk" FOREIGN KEY ("order_key") REFERENCES "products"."reservation"("order_key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "products"."reservation_line" ADD CONSTRAINT "reservation_line_product_id_product_id_fk" FOREIGN KEY ("product_id") REFERENCES "products"."product"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "products"."stock" ADD CONSTRAINT "stock_product_id_product_id_fk" FOREIGN KEY ("product_id") REFERENCES "products"."product"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "product_name" ON "products"."product" USING btree ("name","id");--> statement-breakpoint
CREATE INDEX "reservation_expires_at" ON "products"."reservation" USING btree ("expires_at") WHERE "products"."reservation"."state" <> 'committed';--> statement-breakpoint
CREATE INDEX "reservation_line_product" ON "products"."reservation_line" USING btree ("product_id");